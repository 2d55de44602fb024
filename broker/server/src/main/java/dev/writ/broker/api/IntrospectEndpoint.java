package dev.writ.broker.api;

import dev.writ.broker.access.Caller;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.store.Database;
import dev.writ.broker.token.AccessTokenVerifier;
import dev.writ.broker.token.AccessTokenVerifier.Invalid;
import dev.writ.broker.token.AccessTokenVerifier.Verified;
import dev.writ.broker.writ.WritRows;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code POST /introspect} (RFC 7662), for resource servers. */
final class IntrospectEndpoint {
  /** The only thing that is said of whatever is not a good token for the caller (section 2.2). */
  private static final Map<String, Object> INACTIVE = Map.of("active", false);

  private final Callers callers;
  private final Map<String, Set<String>> audiences;
  private final AccessTokenVerifier verifier;
  private final Database database;
  private final Clock clock;

  /**
   * @param audiences of each resource server, by its principal or a group that it is in, such as
   *     {@code keycloak/client:deploy}
   */
  IntrospectEndpoint(
      Callers callers,
      Map<String, Set<String>> audiences,
      AccessTokenVerifier verifier,
      Database database,
      Clock clock) {
    this.callers = callers;
    this.audiences = Map.copyOf(audiences);
    this.verifier = verifier;
    this.database = database;
    this.clock = clock;
  }

  void routes(Routes routes) {
    routes.post("/introspect", callers.known(this::introspect));
  }

  Answer introspect(Call call, Known known) {
    Set<String> own = audiences(known.caller());
    if (own.isEmpty()) {
      return Problem.notFound();
    }
    Optional<String> token = TokenParameter.read(call);
    return token.isEmpty()
        ? TokenParameter.missing()
        : Answer.json(introspect(token.get(), own)).secret();
  }

  private Map<String, Object> introspect(String token, Set<String> own) {
    return switch (verifier.verify(token, clock.instant())) {
      case Invalid _ -> INACTIVE;
      case Verified verified -> own.contains(verified.audience()) ? judge(verified) : INACTIVE;
    };
  }

  private Map<String, Object> judge(Verified token) {
    boolean good =
        database.autoCommit(
            session -> WritRows.isGood(session, token.writ(), token.sha256(), token.kid()));
    if (!good) {
      return INACTIVE;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("active", true);
    answer.put("token_type", token.tokenType());
    answer.putAll(token.claims());
    return answer;
  }

  private Set<String> audiences(Caller caller) {
    return caller.names().stream()
        .flatMap(name -> audiences.getOrDefault(name, Set.of()).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
