package dev.writ.broker.blame;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.AgentRecord.Enrolment;
import dev.writ.broker.agent.AgentRows;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Session;
import dev.writ.broker.writ.Writ;
import dev.writ.broker.writ.WritRows;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Answers for credentials. Every look-up goes by an index, so that the answer takes a few round
 * trips however many writs there are. Whether the caller may have it is asked by the caller of
 * this.
 */
public final class Blame {
  private final Database database;
  private final Snapshots snapshots;
  private final Clock clock;

  public Blame(Database database, Snapshots snapshots, Clock clock) {
    this.database = database;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  /** Empty if nothing of the kind is known. */
  public Optional<Blamed> find(Question question) {
    return database.autoCommit(session ->
        switch (question) {
          case Question.Token(byte[] sha256) ->
              held(session, WritRows.findByToken(session, sha256));
          case Question.AccessKey(String id) ->
              held(session, WritRows.findByAccessKey(session, id));
          case Question.Jti(UUID writ) -> held(session, WritRows.find(session, writ));
          case Question.AgentAt(UUID agent, Instant at) -> at(session, agent, at);
          case Question.Conversation(String harness, String name) ->
              conversation(session, harness, name);
        });
  }

  private static Optional<Blamed> held(Session session, Optional<Writ> writ) throws SQLException {
    Optional<AgentRecord> agent =
        writ.isEmpty() ? Optional.empty() : AgentRows.find(session, writ.get().agent());
    return agent.isEmpty() ? Optional.empty() : Optional.of(held(session, agent.get(), writ.get()));
  }

  private static Blamed held(Session session, AgentRecord agent, Writ writ) throws SQLException {
    return new Blamed(
        agent,
        Optional.of(writ),
        writ.policy(),
        writ.owner(),
        Optional.of(writ.accountable()),
        enrolment(session, agent, writ),
        Optional.of(writ.sequence()));
  }

  private static Optional<Enrolment> enrolment(Session session, AgentRecord agent, Writ writ)
      throws SQLException {
    Optional<Enrolment> present =
        agent.enrolment().filter(enrolment -> enrolment.number() == writ.enrolment());
    return present.isPresent()
        ? present
        : LedgerRows.enrolment(session, agent.id(), writ.enrolment());
  }

  private Optional<Blamed> conversation(Session session, String harness, String name)
      throws SQLException {
    Optional<UUID> agent =
        session
            .list(
                "SELECT id FROM agent WHERE harness = ? AND session = ? ORDER BY launched_at DESC, id DESC LIMIT 1",
                row -> row.uuid("id"),
                harness,
                name)
            .stream()
            .findFirst();
    return agent.isEmpty() ? Optional.empty() : at(session, agent.get(), clock.instant());
  }

  /** Nothing is known of an agent before the second in which it was launched. */
  private Optional<Blamed> at(Session session, UUID id, Instant at) throws SQLException {
    Optional<AgentRecord> agent = AgentRows.find(session, id);
    if (agent.isEmpty() || at.isBefore(agent.get().launchedAt().truncatedTo(ChronoUnit.SECONDS))) {
      return Optional.empty();
    }
    Optional<Writ> writ = WritRows.findInForce(session, id, at);
    return Optional.of(
        writ.isPresent() ? held(session, agent.get(), writ.get()) : own(session, agent.get(), at));
  }

  /** The agent's own facts, as of its launch. */
  private Blamed own(Session session, AgentRecord agent, Instant at) throws SQLException {
    Optional<LedgerRows.Launch> launch = LedgerRows.launch(session, agent.id());
    String owner = launch.flatMap(LedgerRows.Launch::owner).orElse(agent.owner());
    return new Blamed(
        agent,
        Optional.empty(),
        agent.launchedPolicy(),
        owner,
        launch
            .flatMap(LedgerRows.Launch::accountable)
            .or(() -> onDuty(snapshots.current(), owner, at)),
        agent.enrolment(),
        launch.map(LedgerRows.Launch::sequence));
  }

  private static Optional<String> onDuty(Snapshot snapshot, String owner, Instant at) {
    return switch (snapshot.owners().wasOnDuty(owner, at)) {
      case OnDuty.Person person -> Optional.of(person.principal());
      case OnDuty.Nobody _ -> Optional.empty();
    };
  }
}
