package dev.writ.broker.api;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.PolicyVersion;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** An agent as answers show it. Nothing secret is in it. */
final class AgentView {
  private final TrustDomain domain;

  AgentView(TrustDomain domain) {
    this.domain = domain;
  }

  Map<String, Object> of(AgentRecord agent, Snapshot snapshot, Instant now) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", agent.id().toString());
    view.put("spiffe_id", new SpiffeId(domain, agent.id()).toString());
    view.put("state", agent.state(now));
    view.put(
        "policy", snapshot.policy(agent.policy()).map(PolicyVersion::label).orElse(agent.policy()));
    view.put("launched_policy", agent.launchedPolicy());
    view.put("owner", agent.owner());
    if (snapshot.accountable(agent.owner(), now) instanceof OnDuty.Person person) {
      view.put("accountable", person.principal());
    }
    agent.offeredTo().ifPresent(owner -> view.put("offered_to", owner));
    view.put("launcher", agent.launcher());
    agent
        .requestedBy()
        .ifPresent(
            by -> view.put("requested_by", Map.of("person", by.person(), "claimed", by.claimed())));
    agent.parent().ifPresent(parent -> view.put("parent", parent.toString()));
    view.put("lineage", agent.lineage().stream().map(UUID::toString).toList());
    agent.task().ifPresent(task -> view.put("task", task));
    agent.role().ifPresent(role -> view.put("role", role));
    view.put("labels", agent.labels());
    agent.context().ifPresent(context -> view.put("context", context(context)));
    view.put("launched_at", agent.launchedAt().toString());
    view.put("expires_at", agent.expiresAt().toString());
    agent
        .enrolment()
        .ifPresent(enrolment ->
            view.put(
                "enrolment",
                Map.of(
                    "number", enrolment.number(),
                    "by", enrolment.by(),
                    "at", enrolment.at().toString())));
    agent.killed().ifPresent(killed -> view.put("killed", killed(killed)));
    return view;
  }

  private static Map<String, Object> context(AgentRecord.Context context) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("harness", context.harness());
    view.put("session", context.session());
    context.model().ifPresent(model -> view.put("model", model));
    context.continues().ifPresent(agent -> view.put("continues", agent.toString()));
    return view;
  }

  private static Map<String, Object> killed(AgentRecord.Killed killed) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("at", killed.at().toString());
    view.put("by", killed.by());
    killed.reason().ifPresent(reason -> view.put("reason", reason));
    return view;
  }
}
