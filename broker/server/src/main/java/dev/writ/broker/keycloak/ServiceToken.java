package dev.writ.broker.keycloak;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.remote.RemoteReply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The access token of the broker's client, kept until shortly before its end. For one thread. */
final class ServiceToken {
  private static final Duration SPARE = Duration.ofSeconds(20);

  private final RemoteClient remote;
  private final URI endpoint;
  private final ClientAssertion assertion;
  private final Clock clock;
  private @Nullable Held held;

  private record Held(String text, Instant until) {
    @Override
    public String toString() {
      return "Held[" + until + "]";
    }
  }

  ServiceToken(RemoteClient remote, String realm, ClientAssertion assertion, Clock clock) {
    this.remote = remote;
    this.endpoint = URI.create(realm + "/protocol/openid-connect/token");
    this.assertion = assertion;
    this.clock = clock;
  }

  /** The token, or why there is none. */
  sealed interface Got {
    /** Its text is a secret. */
    record Token(String text) implements Got {
      @Override
      public String toString() {
        return "Token[secret]";
      }
    }

    record None(String why) implements Got {}
  }

  Got get(Deadline deadline) {
    Held present = held;
    if (present != null && clock.instant().isBefore(present.until())) {
      return new Got.Token(present.text());
    }
    held = null;
    Instant now = clock.instant();
    try {
      TokenRequest request =
          new TokenRequest.Builder(endpoint, assertion.make(now), new ClientCredentialsGrant())
              .build();
      return answered(remote.make(http(request.toHTTPRequest().getBody()), deadline), now);
    } catch (KeyException unusable) {
      return new Got.None("the client's key cannot be used: " + unusable.getMessage());
    }
  }

  /** The realm does not take it any more. */
  void forget() {
    held = null;
  }

  private HttpRequest http(String body) {
    return HttpRequest.newBuilder(endpoint)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private Got answered(RemoteReply reply, Instant asked) {
    return switch (reply) {
      case RemoteReply.Unanswered(RemoteReply.How _, String why) -> new Got.None(why);
      case RemoteReply.Answered answer -> read(answer, asked);
    };
  }

  private Got read(RemoteReply.Answered answer, Instant asked) {
    try {
      HTTPResponse http = new HTTPResponse(answer.status());
      http.setHeader("Content-Type", "application/json");
      http.setBody(new String(answer.body(), StandardCharsets.UTF_8));
      TokenResponse response = TokenResponse.parse(http);
      if (response instanceof AccessTokenResponse success) {
        AccessToken token = success.getTokens().getAccessToken();
        // A life that is shorter than what is spared is used once.
        Instant until = asked.plusSeconds(token.getLifetime()).minus(SPARE);
        held = new Held(token.getValue(), until);
        return new Got.Token(token.getValue());
      }
      ErrorObject error = response.toErrorResponse().getErrorObject();
      return new Got.None(
          "it gives this client no token (%d %s: %s)"
              .formatted(answer.status(), error.getCode(), error.getDescription()));
    } catch (ParseException | RuntimeException unreadable) {
      return new Got.None("its token endpoint answered " + answer.status() + " and no token");
    }
  }

  @Override
  public String toString() {
    return "ServiceToken" + Map.of("endpoint", endpoint);
  }
}
