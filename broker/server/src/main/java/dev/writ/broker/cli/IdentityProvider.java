package dev.writ.broker.cli;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Talks to the OpenID provider at which people log in: no redirects, no endless waiting, no endless
 * answers.
 */
final class IdentityProvider {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);
  private static final int ANSWER_BYTES_MAX = 1024 * 1024;
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String issuer;
  private final List<X509Certificate> trusted;
  private final Optional<URI> proxy;

  /**
   * @param trusted its authorities; empty: those of this machine
   */
  IdentityProvider(String issuer, List<X509Certificate> trusted, Optional<URI> proxy) {
    this.issuer = issuer;
    this.trusted = List.copyOf(trusted);
    this.proxy = proxy;
    checked(URI.create(issuer));
  }

  /** By which it is reached. */
  Optional<URI> proxy() {
    return proxy;
  }

  /** What it says of itself. */
  OIDCProviderMetadata discover() {
    URI document = URI.create(issuer + "/.well-known/openid-configuration");
    try {
      HTTPResponse answer = send(new HTTPRequest(HTTPRequest.Method.GET, document));
      OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(answer.getBody());
      if (answer.getStatusCode() == HTTPResponse.SC_OK
          && metadata.getIssuer().getValue().equals(issuer)) {
        return metadata;
      }
    } catch (ParseException | IllegalArgumentException e) {
      // Told below.
    }
    throw new Failure(
        Exit.FAILED, "There is no OpenID provider at " + issuer + ". Name yours with --issuer.");
  }

  /** One request; a failure of the network ends the command. */
  HTTPResponse send(HTTPRequest request) {
    try {
      return trySend(request);
    } catch (IOException e) {
      throw new Failure(
          Exit.UNREACHABLE,
          "The identity provider at "
              + issuer
              + " does not answer ("
              + Text.safe(String.valueOf(e.getMessage()))
              + "). A private authority is named with --ca.");
    }
  }

  HTTPResponse trySend(HTTPRequest request) throws IOException {
    URI url = checked(request.getURI());
    request.setFollowRedirects(false);
    request.setConnectTimeout((int) CONNECT_MAX.toMillis());
    request.setReadTimeout((int) ANSWER_MAX.toMillis());
    request.setAccept("application/json");
    if (!trusted.isEmpty()) {
      request.setSSLSocketFactory(new PinnedSockets(trusted, url.getHost()));
    }
    request.setProxy(
        proxy
            .map(uri ->
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), uri.getPort())))
            .orElse(Proxy.NO_PROXY));
    return answer(request.toHttpURLConnection());
  }

  private static HTTPResponse answer(HttpURLConnection connection) throws IOException {
    long end = System.nanoTime() + ANSWER_MAX.toNanos();
    try {
      HTTPResponse answer = new HTTPResponse(connection.getResponseCode());
      if (connection.getContentType() != null) {
        answer.setHeader("Content-Type", connection.getContentType());
      }
      InputStream stream =
          answer.getStatusCode() >= HTTPResponse.SC_BAD_REQUEST
              ? connection.getErrorStream()
              : connection.getInputStream();
      if (stream != null) {
        try (stream) {
          answer.setBody(text(stream, end));
        }
      }
      return answer;
    } finally {
      connection.disconnect();
    }
  }

  /**
   * @throws IOException also if it is longer than any of a provider, or still not whole at {@code
   *     end}
   */
  private static String text(InputStream stream, long end) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
      bytes.write(chunk, 0, read);
      if (bytes.size() > ANSWER_BYTES_MAX) {
        throw new IOException("its answer is longer than " + ANSWER_BYTES_MAX + " bytes");
      }
      if (System.nanoTime() > end) {
        throw new SocketTimeoutException("its answer takes too long");
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What is sent there are credentials. */
  static URI checked(URI url) {
    boolean safe =
        url.getHost() != null
            && ("https".equals(url.getScheme())
                || ("http".equals(url.getScheme()) && LOOPBACK.contains(url.getHost())));
    if (!safe) {
      throw new Failure(
          Exit.FAILED,
          "The identity provider names an address that is not https: "
              + Text.safe(url.toString())
              + ". Nothing was sent there.");
    }
    return url;
  }
}
