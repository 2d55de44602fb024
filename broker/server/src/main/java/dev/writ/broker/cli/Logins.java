package dev.writ.broker.cli;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Uses what {@code writ login} left: hands out its access token, and renews it when it ends. */
final class Logins {
  /** A command that begins with a token must be done before it ends. */
  private static final Duration SPARE = Duration.ofSeconds(30);

  private final Surroundings surroundings;

  Logins(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The access token for a broker, or the end of the command with what to do. */
  BearerToken token(URI broker) {
    LoginFile file = LoginFile.of(surroundings, broker);
    Login login =
        file.read().filter(one -> one.broker().equals(broker)).orElseThrow(() -> nobody(broker));
    if (isFresh(login)) {
      return BearerToken.of(login.accessToken());
    }
    return file.locked(() -> {
      Login now = file.read().orElseThrow(() -> nobody(broker));
      return BearerToken.of((isFresh(now) ? now : refreshed(now, file)).accessToken());
    });
  }

  private static boolean isFresh(Login login) {
    return Instant.now().isBefore(login.accessUntil().minus(SPARE));
  }

  private static Failure nobody(URI broker) {
    return new Failure(
        Exit.NOT_LOGGED_IN,
        "You are not logged in to the broker at "
            + broker
            + ".\nRun `writ login`, or name a file with your access token in WRIT_TOKEN_FILE.");
  }

  private static Failure over(Login login) {
    return new Failure(
        Exit.NOT_LOGGED_IN,
        "Your login to the broker at " + login.broker() + " has ended.\nRun `writ login` again.");
  }

  private static Login refreshed(Login login, LoginFile file) {
    RefreshToken refresh = new RefreshToken(login.refreshToken().orElseThrow(() -> over(login)));
    TokenRequest request =
        new TokenRequest.Builder(
                login.tokenEndpoint(), new ClientID(login.client()), new RefreshTokenGrant(refresh))
            .build();
    Instant asked = Instant.now();
    HTTPResponse answer = provider(login).send(request.toHTTPRequest());
    try {
      if (TokenResponse.parse(answer) instanceof AccessTokenResponse success) {
        Tokens tokens = success.getTokens();
        Login fresh =
            login.with(
                tokens.getAccessToken().getValue(),
                end(tokens, asked),
                Optional.ofNullable(tokens.getRefreshToken()).map(RefreshToken::getValue));
        file.write(fresh);
        return fresh;
      }
    } catch (ParseException e) {
      // Told below.
    }
    if (answer.getStatusCode() >= HTTPResponse.SC_SERVER_ERROR) {
      throw new Failure(
          Exit.UNREACHABLE,
          "The identity provider at " + login.issuer() + " cannot renew the login now. Try again.");
    }
    file.delete();
    throw over(login);
  }

  /** When an access token ends. */
  static Instant end(Tokens tokens, Instant asked) {
    return asked.plusSeconds(tokens.getAccessToken().getLifetime());
  }

  /**
   * Ends the login, also at the identity provider.
   *
   * @return who it was; empty if nobody was logged in
   */
  Optional<Login> end(URI broker) {
    LoginFile file = LoginFile.of(surroundings, broker);
    Optional<Login> login = file.read();
    file.delete();
    if (login.isPresent()) {
      revoke(login.get());
    }
    return login;
  }

  private static void revoke(Login login) {
    if (login.revocationEndpoint().isEmpty() || login.refreshToken().isEmpty()) {
      return;
    }
    TokenRevocationRequest request =
        new TokenRevocationRequest(
            login.revocationEndpoint().get(),
            new ClientID(login.client()),
            new RefreshToken(login.refreshToken().get()));
    HTTPResponse answer = provider(login).send(request.toHTTPRequest());
    if (answer.getStatusCode() != HTTPResponse.SC_OK) {
      throw new Failure(
          Exit.FAILED,
          "The login is gone from this machine, but the identity provider at "
              + login.issuer()
              + " did not end its session (status "
              + answer.getStatusCode()
              + ").");
    }
  }

  private static IdentityProvider provider(Login login) {
    return new IdentityProvider(
        login.issuer(), login.ca().map(Logins::certificates).orElse(List.of()), login.proxy());
  }

  private static List<X509Certificate> certificates(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new Failure(Exit.NOT_LOGGED_IN, "The login is broken. Run `writ login` again.");
    }
  }
}
