package dev.writ.broker.agent;

import dev.writ.broker.access.Caller;
import dev.writ.broker.agent.Launched.EnrolmentToken;
import dev.writ.broker.agent.Launching.Once;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Remembers each caller's {@code Idempotency-Key}s, and what they launched, for a day. */
public final class LaunchKeys {
  private static final Duration KEPT = Duration.ofHours(24);

  private LaunchKeys() {}

  /** Forgets what is older than a day; for the upkeep. */
  public static int forget(Database database) {
    return database.autoCommit(session ->
        session.update(
            "DELETE FROM launch_key WHERE at <= clock_timestamp() - ? * interval '1 second'",
            KEPT.toSeconds()));
  }

  static void keep(Act act, Caller caller, Once once, UUID agent) throws SQLException {
    act.session()
        .update(
            "INSERT INTO launch_key VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (caller, key) DO UPDATE SET body = excluded.body, agent = excluded.agent, at = excluded.at",
            caller.principal(),
            once.key(),
            once.body(),
            agent,
            act.at());
  }

  /**
   * The same launch again: the same agent and, until it enrols, a fresh token that voids the
   * earlier one.
   */
  static Optional<Launched> repeated(Act act, Snapshot snapshot, Caller caller, Optional<Once> once)
      throws SQLException {
    if (once.isEmpty()) {
      return Optional.empty();
    }
    record Earlier(byte[] body, UUID agent) {}
    Optional<Earlier> earlier =
        act.session()
            .find(
                "SELECT body, agent FROM launch_key WHERE caller = ? AND key = ? AND at > ?",
                row -> new Earlier(row.bytes("body"), row.uuid("agent")),
                caller.principal(),
                once.get().key(),
                act.at().minus(KEPT));
    if (earlier.isEmpty()) {
      return Optional.empty();
    }
    if (!MessageDigest.isEqual(earlier.get().body(), once.get().body())) {
      return Optional.of(new Refused.KeyReused());
    }
    AgentRecord agent = AgentRows.find(act.session(), earlier.get().agent()).orElseThrow();
    Optional<EnrolmentToken> token = Optional.empty();
    if (agent.enrolment().isEmpty() && agent.state(act.at()).equals("live")) {
      token = Optional.of(Reenrolling.replaceToken(act, agent.id(), caller.principal()));
      act.record(
          Note.about(
              "enrolment",
              agent.id(),
              Map.of(
                  "kind", "enrolment", "agent", agent.id().toString(), "by", caller.principal())));
    }
    Optional<String> accountable =
        snapshot.accountable(agent.owner(), act.at()) instanceof OnDuty.Person person
            ? Optional.of(person.principal())
            : Optional.empty();
    return Optional.of(new Launched.Agent(agent, accountable, token));
  }
}
