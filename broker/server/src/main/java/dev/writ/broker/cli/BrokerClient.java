package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a broker. On {@link HttpsURLConnection}, for {@code java.net.http} takes longer to load than
 * most commands take to run. Follows no redirect, uses no proxy, never sends anything twice.
 */
final class BrokerClient {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /** A kill asks the targets to revoke, which takes as long as they do. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private static final int ANSWER_BYTES_MAX = 32 * 1024 * 1024;

  static {
    // The JDK otherwise repeats a POST by itself when the connection breaks.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private final Access access;
  private final SSLSocketFactory sockets;

  BrokerClient(Access access) {
    this.access = access;
    this.sockets = new PinnedSockets(access.trusted(), access.name());
  }

  /**
   * @param path with its parameters filled in
   */
  ObjectNode get(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return exchange("GET", parameters.isEmpty() ? path : path + "?" + parameters, null, Map.of());
  }

  ObjectNode post(String path, ObjectNode body, Map<String, String> headers) {
    return exchange("POST", path, body, headers);
  }

  ObjectNode post(String path, ObjectNode body) {
    return post(path, body, Map.of());
  }

  private ObjectNode exchange(
      String method, String target, @Nullable ObjectNode body, Map<String, String> headers) {
    boolean connected = false;
    try {
      HttpURLConnection connection = prepared(method, target);
      headers.forEach(connection::setRequestProperty);
      if (body != null) {
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
      }
      connection.connect();
      connected = true;
      if (body != null) {
        send(connection, body);
      }
      return receive(connection);
    } catch (ConnectException | UnknownHostException e) {
      throw unreachable("No broker answers at " + access.url() + ".");
    } catch (SSLException e) {
      throw unreachable(
          "The server at "
              + access.url()
              + " does not show a certificate for "
              + access.name()
              + " that the given authorities vouch for ("
              + Text.safe(String.valueOf(e.getMessage()))
              + ").");
    } catch (SocketTimeoutException e) {
      throw unreachable(
          "The broker at "
              + access.url()
              + " did not answer in time."
              + (connected && body != null
                  ? " What was asked may have been done all the same."
                  : ""));
    } catch (IOException e) {
      throw unreachable(
          "The connection to "
              + access.url()
              + " broke before the answer was whole."
              + (body != null ? " What was asked may have been done all the same." : ""));
    }
  }

  private HttpURLConnection prepared(String method, String target) throws IOException {
    URI url = URI.create(access.url() + target);
    HttpsURLConnection connection = (HttpsURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
    connection.setSSLSocketFactory(sockets);
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) CONNECT_MAX.toMillis());
    connection.setReadTimeout((int) ANSWER_MAX.toMillis());
    access
        .token()
        .ifPresent(token -> connection.setRequestProperty("Authorization", token.header()));
    connection.setRequestProperty("Accept", "application/json, application/problem+json");
    connection.setRequestProperty("User-Agent", "writ");
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  private static void send(HttpURLConnection connection, ObjectNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(bytes);
    }
  }

  private static ObjectNode receive(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    byte[] body = new byte[0];
    if (stream != null) {
      try (stream) {
        body = stream.readNBytes(ANSWER_BYTES_MAX);
      }
    }
    Optional<String> requestId = Optional.ofNullable(connection.getHeaderField("X-Request-Id"));
    return new Answered(status, body, requestId).orFail();
  }

  private static Failure unreachable(String what) {
    return new Failure(
        Exit.UNREACHABLE,
        what
            + "\nIs it running (`writ serve`), and is it the one that --config or WRIT_URL names?");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
