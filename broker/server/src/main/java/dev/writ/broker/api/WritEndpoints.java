package dev.writ.broker.api;

import dev.writ.broker.access.Caller;
import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.AgentRows;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.store.Database;
import dev.writ.broker.writ.Revoking;
import dev.writ.broker.writ.Writ;
import dev.writ.broker.writ.WritCursor;
import dev.writ.broker.writ.WritJson;
import dev.writ.broker.writ.WritRows;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * {@code GET /v1/writs}, {@code DELETE /v1/writs/{id}} and {@code POST /revoke} (RFC 7009): the
 * life of writs after their issue.
 */
final class WritEndpoints {
  private static final int PAGE = 100;
  private static final Set<String> PARAMETERS = Set.of("agent", "limit", "cursor");

  private final Callers callers;
  private final Rights rights;
  private final Snapshots snapshots;
  private final Database database;
  private final Revoking revoking;
  private final Clock clock;

  WritEndpoints(
      Callers callers,
      Rights rights,
      Snapshots snapshots,
      Database database,
      Revoking revoking,
      Clock clock) {
    this.callers = callers;
    this.rights = rights;
    this.snapshots = snapshots;
    this.database = database;
    this.revoking = revoking;
    this.clock = clock;
  }

  void routes(Routes routes) {
    routes
        .get("/v1/writs", callers.known(this::list))
        .delete("/v1/writs/:id", callers.known(this::delete))
        .post("/revoke", callers.known(this::revoke));
  }

  Answer list(Call call, Known known) {
    Optional<String> wrong = QueryParameters.wrongNames(call, PARAMETERS);
    if (wrong.isPresent()) {
      return Problem.invalid(wrong.get());
    }
    Optional<Integer> limit = QueryParameters.limit(call, PAGE, WritRows.PAGE_MAX);
    if (limit.isEmpty()) {
      return Problem.invalid(QueryParameters.wrongLimit(WritRows.PAGE_MAX));
    }
    Optional<WritCursor> after = call.query("cursor").flatMap(WritCursor::parse);
    if (after.isEmpty() && call.query("cursor").isPresent()) {
      return Problem.invalid("cursor: expected the next of an earlier answer, unaltered.");
    }
    Optional<String> named = call.query("agent");
    if (named.isEmpty() && !(known.caller() instanceof Caller.OfAgent)) {
      return Problem.invalid("agent: name the agent whose writs you want, by its UUID.");
    }
    Optional<AgentRecord> agent =
        named.isPresent() ? named.flatMap(Ids::parse).flatMap(this::agent) : own(known);
    return agent
        .filter(found -> rights.reads(known.caller(), found, snapshots.current()))
        .map(found -> page(found.id(), limit.get(), after))
        .orElseGet(Problem::notFound);
  }

  private Answer page(UUID agent, int limit, Optional<WritCursor> after) {
    WritRows.Page page =
        database.autoCommit(session -> WritRows.page(session, agent, limit, after));
    Instant now = clock.instant();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("writs", page.writs().stream().map(writ -> WritJson.of(writ, now)).toList());
    page.next().ifPresent(next -> body.put("next", next.text()));
    return Answer.json(body);
  }

  Answer delete(Call call, Known known) {
    Optional<Writ> writ =
        Ids.parse(call.parameter("id"))
            .flatMap(id -> database.autoCommit(session -> WritRows.find(session, id)));
    return writ.flatMap(found -> agent(found.agent()))
        .filter(agent -> rights.kills(known.caller(), agent, snapshots.current()))
        .map(agent -> revoking.end(writ.orElseThrow().id(), known.caller().principal()))
        .map(result -> Answer.json(result.json()))
        .orElseGet(Problem::notFound);
  }

  /**
   * Answers the same for a token that is not the caller's as for one that was ended (RFC 7009
   * section 2.2): nobody learns of others' tokens.
   */
  Answer revoke(Call call, Known known) {
    Optional<String> token = TokenParameter.read(call);
    if (token.isEmpty()) {
      return TokenParameter.missing();
    }
    byte[] sha256 = Digests.sha256(token.get().getBytes(StandardCharsets.UTF_8));
    database
        .autoCommit(session -> WritRows.findByToken(session, sha256))
        .filter(writ -> known.caller().equals(new Caller.OfAgent(writ.agent())))
        .filter(writ -> writ.state(clock.instant()).equals("live"))
        .ifPresent(writ -> revoking.end(writ.id(), known.caller().principal()));
    return Answer.empty(200);
  }

  private Optional<AgentRecord> own(Known known) {
    return known.caller() instanceof Caller.OfAgent(UUID id) ? agent(id) : Optional.empty();
  }

  private Optional<AgentRecord> agent(UUID id) {
    return database.autoCommit(session -> AgentRows.find(session, id));
  }
}
