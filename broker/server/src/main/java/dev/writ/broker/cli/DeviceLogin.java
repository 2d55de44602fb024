package dev.writ.broker.cli;

import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationGrantError;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.Tokens;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Logs a person in by the device flow (RFC 8628): they confirm a code in a browser anywhere. */
final class DeviceLogin {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration INTERVAL_MAX = Duration.ofSeconds(60);
  private static final Duration LIFE_MAX = Duration.ofMinutes(30);

  private final IdentityProvider provider;
  private final String issuer;
  private final ClientID client;
  private final Optional<String> ca;

  /**
   * @param ca PEM of the provider's authority, where it is a private one
   */
  DeviceLogin(IdentityProvider provider, String issuer, String client, Optional<String> ca) {
    this.provider = provider;
    this.issuer = issuer;
    this.client = new ClientID(client);
    this.ca = ca;
  }

  /**
   * Waits until the person has confirmed.
   *
   * @param tell is given what they have to do, in one line each
   */
  Login to(URI broker, Consumer<String> tell) {
    OIDCProviderMetadata metadata = provider.discover();
    if (metadata.getDeviceAuthorizationEndpointURI() == null
        || metadata.getTokenEndpointURI() == null) {
      throw new Failure(
          Exit.FAILED, "The identity provider at " + issuer + " has no device login (RFC 8628).");
    }
    DeviceAuthorizationSuccessResponse begun = begin(metadata.getDeviceAuthorizationEndpointURI());
    tell.accept(
        "Open "
            + Text.safe(IdentityProvider.checked(begun.getVerificationURI()).toString())
            + " and enter the code "
            + Text.safe(begun.getUserCode().getValue()));
    if (begun.getVerificationURIComplete() != null) {
      tell.accept(
          "or open "
              + Text.safe(IdentityProvider.checked(begun.getVerificationURIComplete()).toString()));
    }
    Instant asked = Instant.now();
    Tokens tokens = await(metadata.getTokenEndpointURI(), begun);
    String access = tokens.getAccessToken().getValue();
    return new Login(
        broker,
        issuer,
        client.getValue(),
        metadata.getTokenEndpointURI(),
        Optional.ofNullable(metadata.getRevocationEndpointURI()),
        ca,
        provider.proxy(),
        user(access),
        access,
        Logins.end(tokens, asked),
        Optional.ofNullable(tokens.getRefreshToken()).map(token -> token.getValue()));
  }

  private DeviceAuthorizationSuccessResponse begin(URI endpoint) {
    try {
      DeviceAuthorizationResponse answer =
          DeviceAuthorizationResponse.parse(
              provider.send(new DeviceAuthorizationRequest(endpoint, client).toHTTPRequest()));
      if (answer.indicatesSuccess()) {
        return answer.toSuccessResponse();
      }
      throw refused(answer.toErrorResponse().getErrorObject());
    } catch (ParseException e) {
      throw new Failure(
          Exit.FAILED, "The identity provider at " + issuer + " does not speak RFC 8628.");
    }
  }

  private Tokens await(URI endpoint, DeviceAuthorizationSuccessResponse begun) {
    TokenRequest request =
        new TokenRequest.Builder(endpoint, client, new DeviceCodeGrant(begun.getDeviceCode()))
            .build();
    Duration interval =
        begun.getInterval() > 0 ? Duration.ofSeconds(begun.getInterval()) : INTERVAL;
    Duration life = shorter(Duration.ofSeconds(begun.getLifetime()), LIFE_MAX);
    long end = System.nanoTime() + life.toNanos();
    while (System.nanoTime() < end) {
      sleep(interval);
      try {
        TokenResponse answer = TokenResponse.parse(provider.trySend(request.toHTTPRequest()));
        if (answer instanceof AccessTokenResponse success) {
          return success.getTokens();
        }
        ErrorObject error = answer.toErrorResponse().getErrorObject();
        if (DeviceAuthorizationGrantError.SLOW_DOWN.equals(error)) {
          interval = shorter(interval.plus(SLOWER), INTERVAL_MAX);
        } else if (!DeviceAuthorizationGrantError.AUTHORIZATION_PENDING.equals(error)) {
          throw refused(error);
        }
      } catch (IOException | ParseException unanswered) {
        // RFC 8628 section 3.5: slower after a time-out.
        interval = shorter(interval.multipliedBy(2), INTERVAL_MAX);
      }
    }
    throw refused(DeviceAuthorizationGrantError.EXPIRED_TOKEN);
  }

  private Failure refused(ErrorObject error) {
    if (OAuth2Error.ACCESS_DENIED.equals(error)) {
      return new Failure(Exit.DENIED, "The login was refused in the browser.");
    }
    if (DeviceAuthorizationGrantError.EXPIRED_TOKEN.equals(error)) {
      return new Failure(
          Exit.NOT_LOGGED_IN,
          "Nobody confirmed the code in time. Run `writ login` again when you can.");
    }
    return new Failure(
        Exit.FAILED,
        "The identity provider lets nobody log in by the client "
            + client.getValue()
            + " ("
            + Text.safe(error.getCode() + ": " + error.getDescription())
            + "). It must be a public client with the device flow; another is named with"
            + " --client-id.");
  }

  /** For people; nothing is judged by it. */
  private static String user(String accessToken) {
    try {
      String name =
          JWTParser.parse(accessToken).getJWTClaimsSet().getStringClaim("preferred_username");
      return name == null ? "" : name;
    } catch (java.text.ParseException opaque) {
      return "";
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.FAILED, "Interrupted.");
    }
  }
}
