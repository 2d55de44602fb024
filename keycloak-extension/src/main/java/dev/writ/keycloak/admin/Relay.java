package dev.writ.keycloak.admin;

import dev.writ.keycloak.broker.BrokerAnswer;
import dev.writ.keycloak.broker.BrokerClient;
import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.store.Settings;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.resources.admin.AdminAuth;

/**
 * Asks the realm's broker with the caller's own token, so that the broker decides what the caller
 * may see and do. Only a token of this very realm that is meant for Writ is passed on: whoever
 * configures the broker of a realm must not come to tokens that are worth more elsewhere.
 */
final class Relay {
  private static final String AUDIENCE = "writ";

  private final Administered administered;

  Relay(Administered administered) {
    this.administered = administered;
  }

  /** What may come of it. */
  sealed interface Told {}

  record Answered(int status, String type, String body) implements Told {}

  /**
   * @param word {@code unreachable}, {@code not configured} or {@code not permitted}
   * @param detail for people
   */
  record Nothing(String word, String detail) implements Told {}

  Told send(String method, String path, String body) {
    Optional<BrokerClient> broker =
        BrokerClient.of(Settings.of(administered.session(), administered.realm()));
    if (broker.isEmpty()) {
      return new Nothing(
          "not configured", "No broker is configured for this realm: see its settings.");
    }
    if (!mayPass()) {
      return new Nothing(
          "not permitted",
          "The broker can only be asked with a token of this realm whose audience is "
              + AUDIENCE
              + ", such as one of the client writ-console.");
    }
    BrokerAnswer answer = broker.get().send(method, path, token(), body);
    return answer instanceof BrokerAnswer.Answered answered
        ? new Answered(answered.status(), answered.type(), answered.body())
        : new Nothing(
            "unreachable",
            "The broker cannot be reached: " + ((BrokerAnswer.Unreachable) answer).reason() + ".");
  }

  private boolean mayPass() {
    AdminAuth admin = administered.auth().adminAuth();
    String[] audience = admin.getToken().getAudience();
    return admin.getRealm().getId().equals(administered.realm().getId())
        && audience != null
        && List.of(audience).contains(AUDIENCE);
  }

  private String token() {
    HttpHeaders headers = administered.session().getContext().getRequestHeaders();
    return AppAuthManager.extractAuthorizationHeaderToken(headers);
  }

  /** Passes the broker's answer on as it is. */
  static Response pass(Told told) {
    if (told instanceof Answered answered) {
      Response.ResponseBuilder builder =
          Response.status(answered.status()).header("Cache-Control", "no-store");
      return answered.body().isEmpty()
          ? builder.build()
          : builder.type(answered.type()).entity(answered.body()).build();
    }
    Nothing nothing = (Nothing) told;
    boolean unreachable = nothing.word().equals("unreachable");
    return Answers.problem(
        unreachable ? 502 : 409,
        unreachable ? "broker-unreachable" : "conflict",
        nothing.detail(),
        Map.of("broker", nothing.word()));
  }
}
