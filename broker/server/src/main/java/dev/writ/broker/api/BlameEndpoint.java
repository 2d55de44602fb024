package dev.writ.broker.api;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.AgentRecord.Enrolment;
import dev.writ.broker.agent.AgentRecord.Killed;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.blame.Blame;
import dev.writ.broker.blame.Blamed;
import dev.writ.broker.blame.Question;
import dev.writ.broker.blame.Questions;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.broker.writ.Writ;
import dev.writ.broker.writ.WritJson;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** {@code GET /v1/blame}. */
final class BlameEndpoint {
  private final Callers callers;
  private final Rights rights;
  private final Snapshots snapshots;
  private final Blame blame;
  private final TrustDomain domain;
  private final Clock clock;

  BlameEndpoint(
      Callers callers,
      Rights rights,
      Snapshots snapshots,
      Blame blame,
      TrustDomain domain,
      Clock clock) {
    this.callers = callers;
    this.rights = rights;
    this.snapshots = snapshots;
    this.blame = blame;
    this.domain = domain;
    this.clock = clock;
  }

  void routes(Routes routes) {
    routes.get("/v1/blame", callers.known(this::blame));
  }

  Answer blame(Call call, Known known) {
    return switch (Questions.read(call.query())) {
      case Questions.Wrong(String text) -> Problem.invalid(text);
      case Questions.Sound(Question question) ->
          blame
              .find(question)
              .filter(found -> rights.reads(known.caller(), found.agent(), snapshots.current()))
              .map(found -> Answer.json(body(found)))
              .orElseGet(Problem::notFound);
    };
  }

  private Map<String, Object> body(Blamed found) {
    AgentRecord agent = found.agent();
    Map<String, Object> body = new LinkedHashMap<>();
    found.writ().ifPresent(writ -> body.put("writ", writ.id().toString()));
    body.put("agent", agent.id().toString());
    body.put("spiffe_id", new SpiffeId(domain, agent.id()).toString());
    body.put("lineage", agent.lineage().stream().map(UUID::toString).toList());
    body.put("launcher", agent.launcher());
    agent
        .requestedBy()
        .ifPresent(
            by -> body.put("requested_by", Map.of("person", by.person(), "claimed", by.claimed())));
    body.put("policy", found.policy());
    found.writ().ifPresent(writ -> body.put("grant", WritJson.grant(writ)));
    body.put("owner", found.owner());
    found.accountable().ifPresent(person -> body.put("accountable", person));
    found.enrolment().ifPresent(enrolment -> body.put("enrolment", enrolment(enrolment)));
    found.writ().ifPresent(writ -> putLife(body, writ));
    found.sequence().ifPresent(sequence -> body.put("sequence", sequence));
    agent.killed().ifPresent(killed -> body.put("killed", killed(killed)));
    return body;
  }

  private void putLife(Map<String, Object> body, Writ writ) {
    body.put("state", writ.state(clock.instant()));
    body.put("issued_at", writ.issuedAt().toString());
    body.put("expires_at", writ.expiresAt().toString());
    writ.endedAt().ifPresent(at -> body.put("ended_at", at.toString()));
    writ.endedBy().ifPresent(by -> body.put("ended_by", by));
  }

  private static Map<String, Object> enrolment(Enrolment enrolment) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("number", enrolment.number());
    members.put("by", enrolment.by());
    members.put("at", enrolment.at().toString());
    return members;
  }

  private static Map<String, Object> killed(Killed killed) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("at", killed.at().toString());
    members.put("by", killed.by());
    killed.reason().ifPresent(reason -> members.put("reason", reason));
    return members;
  }
}
