package dev.writ.broker.github;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one GitHub API: its own authorities, the configured proxy and no other, no redirects, no
 * answer larger or later than it may be. Started when first needed.
 */
final class ApiClient implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  /** From the connection to the last byte of the body. */
  static final Duration WHOLE_MAX = Duration.ofSeconds(8);

  /** Five hundred repositories take about three. */
  private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;

  /** GitHub allows a hundred. */
  private static final int AT_ONCE_MAX = 50;

  private final URI api;
  private final Optional<SSLContext> tls;
  private final Optional<InetSocketAddress> proxy;
  private final Duration wholeMax;
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
  private @Nullable HttpClient client;

  /**
   * @param tls whom to trust; empty: whom the machine trusts
   */
  ApiClient(
      URI api, Optional<SSLContext> tls, Optional<InetSocketAddress> proxy, Duration wholeMax) {
    this.api = api;
    this.tls = tls;
    this.proxy = proxy;
    this.wholeMax = wholeMax;
  }

  /** Changes nothing, so it is tried once more when nothing or a server's error comes back. */
  Reply get(String path, Secret bearer, Deadline deadline) {
    Reply first = send("GET", path, BodyPublishers.noBody(), bearer, deadline);
    boolean failed =
        switch (first) {
          case Reply.Answer answer -> answer.isServerError();
          case Reply.Silence _ -> true;
        };
    return failed ? send("GET", path, BodyPublishers.noBody(), bearer, deadline) : first;
  }

  /** Makes something: tried once more only if it certainly did not leave. */
  Reply post(String path, String json, Secret bearer, Deadline deadline) {
    Reply first = send("POST", path, BodyPublishers.ofString(json), bearer, deadline);
    return first instanceof Reply.Silence(Reply.How how, String _) && how == Reply.How.NOT_SENT
        ? send("POST", path, BodyPublishers.ofString(json), bearer, deadline)
        : first;
  }

  /** Tried once more when the connection breaks: doing it twice does no harm. */
  Reply delete(String path, Secret bearer, Deadline deadline) {
    Reply first = send("DELETE", path, BodyPublishers.noBody(), bearer, deadline);
    return first instanceof Reply.Silence(Reply.How how, String _) && how != Reply.How.LATE
        ? send("DELETE", path, BodyPublishers.noBody(), bearer, deadline)
        : first;
  }

  private Reply send(
      String method, String path, BodyPublisher body, Secret bearer, Deadline deadline) {
    Duration limit = deadline.left(wholeMax);
    try {
      if (!atOnce.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Reply.Silence(Reply.How.NOT_SENT, "too many requests wait for it");
      }
    } catch (InterruptedException stopping) {
      return stopping();
    }
    try {
      return await(request(method, path, body, bearer), deadline.left(wholeMax));
    } finally {
      atOnce.release();
    }
  }

  private HttpRequest request(String method, String path, BodyPublisher body, Secret bearer) {
    return HttpRequest.newBuilder(URI.create(api + path))
        .method(method, body)
        .header("Authorization", "Bearer " + bearer.text())
        .header("Accept", "application/vnd.github+json")
        .header("Content-Type", "application/json")
        .header("User-Agent", "writ-broker")
        .header("X-GitHub-Api-Version", "2022-11-28")
        .build();
  }

  /** The client's own time-out ends with the headers; this one covers the body, too. */
  private Reply await(HttpRequest request, Duration limit) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client()
            .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
    try {
      HttpResponse<byte[]> response = sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply.Answer(
          response.statusCode(), response.headers(), Bodies.read(response.body()));
    } catch (TimeoutException late) {
      sent.cancel(true);
      return new Reply.Silence(
          Reply.How.LATE, "no answer within " + limit.toSeconds() + " seconds");
    } catch (InterruptedException stopping) {
      sent.cancel(true);
      return stopping();
    } catch (ExecutionException failed) {
      return silence(failed);
    }
  }

  private static Reply stopping() {
    Thread.currentThread().interrupt();
    return new Reply.Silence(Reply.How.LATE, "this node is stopping");
  }

  private static Reply silence(ExecutionException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case HttpConnectTimeoutException _ -> {
          return new Reply.Silence(Reply.How.NOT_SENT, "it cannot be reached in time");
        }
        case ConnectException _, UnknownHostException _ -> {
          return new Reply.Silence(Reply.How.NOT_SENT, "it cannot be reached");
        }
        case SSLHandshakeException untrusted -> {
          return new Reply.Silence(
              Reply.How.NOT_SENT,
              "its certificate is not trusted, see ca: (" + untrusted.getMessage() + ")");
        }
        default -> {}
      }
    }
    return failed.getCause() instanceof IOException
        ? new Reply.Silence(Reply.How.CUT, "the connection broke")
        : new Reply.Silence(Reply.How.CUT, "the request failed");
  }

  private synchronized HttpClient client() {
    HttpClient ready = client;
    if (ready == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_MAX)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(proxy.map(ProxySelector::of).orElse(HttpClient.Builder.NO_PROXY))
              .executor(Executors.newVirtualThreadPerTaskExecutor());
      tls.ifPresent(builder::sslContext);
      ready = builder.build();
      client = ready;
    }
    return ready;
  }

  /** Gives up what is under way. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
