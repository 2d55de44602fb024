package dev.writ.broker.writ;

import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.SealContext;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.SeenHead;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Agents and writs that a test puts into the database, and what it asks of them there. */
public final class TestWrits {
  public static final String GRANT =
      "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[\"deploy:read\"]}]";

  private static final Sealer ENVELOPE = TestKeys.sealer();

  private final Database database;

  public TestWrits(Database database) {
    this.database = database;
  }

  /** A door into the ledger. */
  public Acts acts() {
    try {
      return new Acts(
          database, SeenHead.load(Path.of("target", "seen-" + Uuids.next())), new Metrics());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What ends held credentials, at these targets. */
  public Revocations revocations(Minter... minters) {
    return new Revocations(database, acts(), ENVELOPE, List.of(minters));
  }

  /** Keeps a credential for a writ, due at its end. */
  public void hold(
      UUID writ, UUID agent, String minter, String secret, Instant due, Instant diesAt) {
    byte[] sealed = ENVELOPE.seal(secret.getBytes(StandardCharsets.UTF_8), SealContext.held(writ));
    database.autoCommit(session ->
        session.update(
            "INSERT INTO held (writ, agent, minter, sealed, due, dies_at) VALUES (?, ?, ?, ?, ?, ?)",
            writ,
            agent,
            minter,
            sealed,
            due,
            diesAt));
  }

  /** How many credentials are kept of an agent. */
  public int held(UUID agent) {
    return database.autoCommit(session ->
        session.one(
            "SELECT count(*)::int AS n FROM held WHERE agent = ?", row -> row.integer("n"), agent));
  }

  /** The database's clock. */
  public Instant now() {
    return database.autoCommit(
        session -> session.one("SELECT clock_timestamp() AS now", row -> row.instant("now")));
  }

  /**
   * An agent of {@code group:ops}, launched an hour ago, enrolled once, that lives for another day.
   *
   * @param lineage parent first
   */
  public UUID agent(UUID... lineage) {
    UUID id = UUID.randomUUID();
    Instant now = now();
    database.autoCommit(session ->
        session.update(
            "INSERT INTO agent (id, policy, owner, launcher, requested_by, requested_by_claimed, parent, lineage,"
                + " launched_at, launched_policy, expires_at, enrolment, enrolled_by, enrolled_at)"
                + " VALUES (?, 'operator', 'group:ops', 'keycloak/client:orchestrator', 'user:grace', true, ?::uuid, ?,"
                + " ?, 'operator@7', ?, 1, 'keycloak/client:orchestrator', ?)",
            id,
            Arrays.stream(lineage).findFirst(),
            lineage,
            now.minus(1, ChronoUnit.HOURS),
            now.plus(1, ChronoUnit.DAYS),
            now.minus(59, ChronoUnit.MINUTES)));
    return id;
  }

  /**
   * Changes an agent behind the ledger's back.
   *
   * @param assignments SQL
   */
  public void set(UUID agent, String assignments, Object... parameters) {
    Object[] all = Arrays.copyOf(parameters, parameters.length + 1);
    all[parameters.length] = agent;
    database.autoCommit(
        session -> session.update("UPDATE agent SET " + assignments + " WHERE id = ?", all));
  }

  public void kill(UUID agent) {
    set(
        agent,
        "killed_at = clock_timestamp(), killed_by = 'keycloak/user:ada', kill_reason = 'test'");
  }

  /** A live internal writ, issued now for five minutes. */
  public UUID writ(UUID agent) {
    Instant now = now();
    return writ(agent, "internal", "live", now, now.plusSeconds(300));
  }

  public UUID writ(UUID agent, String target, String state, Instant issued, Instant expires) {
    UUID id = Uuids.next();
    insert(id, agent, target, state, issued, expires, hash(id.toString()), Optional.empty());
    return id;
  }

  public void insert(
      UUID id,
      UUID agent,
      String target,
      String state,
      Instant issued,
      Instant expires,
      byte[] sha256,
      Optional<String> accessKey) {
    database.autoCommit(session ->
        session.update(
            "INSERT INTO writ (id, agent, target, state, grant_json, policy, owner, accountable, enrolment, node,"
                + " issued_at, expires_at, token_sha256, access_key_id, sequence)"
                + " VALUES (?, ?, ?, ?, ?, 'operator@7', 'group:ops', 'user:ada', 1, ?, ?, ?, ?, ?, 41)",
            id,
            agent,
            target,
            state,
            GRANT,
            UUID.randomUUID(),
            issued,
            expires,
            sha256,
            accessKey));
  }

  /** As stored. */
  public String state(UUID writ) {
    return database.autoCommit(session ->
        session.one("SELECT state FROM writ WHERE id = ?", row -> row.string("state"), writ));
  }

  /** Bodies of the ledger's rows about a writ. */
  public List<String> rows(UUID writ) {
    return database.autoCommit(session ->
        session.list(
            "SELECT kind || ' ' || body AS text FROM ledger WHERE writ = ? ORDER BY sequence",
            row -> row.string("text"),
            writ));
  }

  public static byte[] hash(String token) {
    return Digests.sha256(token.getBytes(StandardCharsets.UTF_8));
  }
}
