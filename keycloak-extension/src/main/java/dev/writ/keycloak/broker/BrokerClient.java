package dev.writ.keycloak.broker;

import dev.writ.keycloak.store.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/** The broker of a realm. Redirects are not followed, and answers are bounded. */
public final class BrokerClient {
  private static final Logger LOG = Logger.getLogger(BrokerClient.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int ANSWER_BYTES_MAX = 8 * 1024 * 1024;

  /** One per set of authorities; few realms have their own. */
  private static final int CLIENTS_MAX = 16;

  private static final Map<String, HttpClient> CLIENTS =
      new LinkedHashMap<>(CLIENTS_MAX, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HttpClient> eldest) {
          return size() > CLIENTS_MAX;
        }
      };

  private final URI url;
  private final HttpClient client;

  private BrokerClient(URI url, HttpClient client) {
    this.url = url;
    this.client = client;
  }

  /** The broker that the settings name, if they do. */
  public static Optional<BrokerClient> of(Settings settings) {
    return settings
        .brokerUrl()
        .map(url -> new BrokerClient(URI.create(url), client(settings.brokerCa().orElse(""))));
  }

  private static HttpClient client(String ca) {
    synchronized (CLIENTS) {
      return CLIENTS.computeIfAbsent(ca, BrokerClient::connect);
    }
  }

  private static HttpClient connect(String ca) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_MAX)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1);
    return (ca.isEmpty() ? builder : builder.sslContext(Certificates.trusting(ca))).build();
  }

  /**
   * Asks with somebody's access token and waits for the answer, ten seconds at most.
   *
   * @param path from {@code /v1} on, with its query
   * @param body JSON; empty for none
   */
  public BrokerAnswer send(String method, String path, String bearer, String body) {
    HttpRequest.Builder request =
        request(path)
            .header("Authorization", "Bearer " + bearer)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream stream = response.body()) {
        byte[] bytes = stream.readNBytes(ANSWER_BYTES_MAX + 1);
        return bytes.length > ANSWER_BYTES_MAX
            ? new BrokerAnswer.Unreachable("its answer is longer than any of a broker")
            : new BrokerAnswer.Answered(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (SSLException e) {
      LOG.debugf(e, "The broker %s is not trusted", url);
      return new BrokerAnswer.Unreachable("its certificate is not trusted; see broker.ca");
    } catch (IOException e) {
      LOG.debugf(e, "The broker %s does not answer", url);
      return new BrokerAnswer.Unreachable("it does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new BrokerAnswer.Unreachable("this server is stopping");
    }
  }

  /** Tells the broker to look now, and does not wait; that it was not heard costs a second. */
  public void hint() {
    HttpRequest request = request("/v1/policies/poll").POST(BodyPublishers.noBody()).build();
    client
        .sendAsync(request, BodyHandlers.discarding())
        .whenComplete((answer, failure) -> {
          if (failure != null) {
            LOG.debugf(failure, "The broker %s did not hear that something changed", url);
          }
        });
  }

  private HttpRequest.Builder request(String path) {
    String base = url.toString();
    String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return HttpRequest.newBuilder(URI.create(root + path)).timeout(ANSWER_MAX);
  }
}
