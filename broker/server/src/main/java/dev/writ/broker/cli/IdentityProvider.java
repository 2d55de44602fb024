package dev.writ.broker.cli;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Talks to the OpenID provider at which people log in: no redirects, no endless waiting. */
final class IdentityProvider {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);
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
    return request.send();
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
