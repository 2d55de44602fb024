package dev.writ.broker.agent;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Session;
import dev.writ.broker.trust.Csr;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Certifies agents' keys: the first with a one-time token, later ones by the key before. The act is
 * committed before an SVID leaves; a crash in between leaves a key on record that got no answer,
 * and the agent's retry with it is answered.
 */
public final class Enrolling {
  private static final Refused.NotAuthenticated UNKNOWN =
      new Refused.NotAuthenticated(
          "The enrolment token is not known here, was used before or was replaced.");

  private final Database database;
  private final Acts acts;
  private final SvidMaker svids;
  private final Alarms alarms;

  public Enrolling(Database database, Acts acts, SvidMaker svids, Alarms alarms) {
    this.database = database;
    this.acts = acts;
    this.svids = svids;
    this.alarms = alarms;
  }

  /** Enrols with a one-time token. Whoever has none is turned away without taking the lock. */
  public Enrolled enrol(String token, Csr.Ok csr) {
    byte[] hash = OneTimeTokens.hash(token);
    byte[] jkt = thumbprint(csr);
    if (!database.autoCommit(session -> known(session, hash))) {
      return UNKNOWN;
    }
    return acts.act(act -> {
      Optional<AgentRecord> open = byToken(act, "enrolment_hash", hash);
      return open.isPresent()
          ? first(act, open.get(), hash, jkt, csr)
          : again(act, byToken(act, "enrolled_hash", hash), hash, jkt, csr);
    });
  }

  /**
   * Renews by a proven key.
   *
   * @param proven thumbprint of the key that was shown, 32 bytes
   * @param sameKeyOnly with DPoP, which does not cover the body, the new key must be the proven one
   */
  public Enrolled renew(UUID id, byte[] proven, Csr.Ok csr, boolean sameKeyOnly) {
    byte[] jkt = thumbprint(csr);
    if (sameKeyOnly && !MessageDigest.isEqual(jkt, proven)) {
      return new Refused.Invalid(
          "With DPoP the CSR's key must be the proof's own key; renew over mutual TLS to change keys.");
    }
    return acts.act(act -> renew(act, id, proven, jkt, csr));
  }

  private Enrolled first(Act act, AgentRecord agent, byte[] hash, byte[] jkt, Csr.Ok csr)
      throws SQLException {
    if (!expiry(act, agent.id(), "enrolment_expires_at").isAfter(act.at())) {
      return new Refused.NotAuthenticated(
          "The enrolment token has expired. Ask the agent's launcher for a new one.");
    }
    Optional<String> dead = Objections.of(act.session(), agent.id(), Optional.empty());
    if (dead.isPresent()) {
      return new Refused.NotAuthenticated(dead.get());
    }
    if (!claim(act, agent.id(), jkt)) {
      return keyTaken();
    }
    Enrolled.Svids made = svids.make(agent, csr, act.at());
    act.session()
        .update(
            "UPDATE agent SET enrolment = enrolment + 1, enrolled_by = enrolment_by, enrolled_at = ?, enrolled_hash = ?,"
                + " enrolled_jkt = ?, enrolled_until = enrolment_expires_at, enrolment_hash = NULL,"
                + " enrolment_expires_at = NULL, jkt = ?, jkt_until = ?, jkt_before = NULL, jkt_before_until = NULL,"
                + " revision = revision + 1 WHERE id = ?",
            act.at(),
            hash,
            jkt,
            jkt,
            made.expiresAt(),
            agent.id());
    AgentRecord enrolled = AgentRows.find(act.session(), agent.id()).orElseThrow();
    act.record(note("enrol", enrolled, csr, made));
    return made;
  }

  /**
   * A token that was used: the same key again within its minutes is a retry, anything else an
   * alarm.
   */
  private Enrolled again(Act act, Optional<AgentRecord> agent, byte[] hash, byte[] jkt, Csr.Ok csr)
      throws SQLException {
    if (agent.isEmpty()) {
      return UNKNOWN;
    }
    boolean sameKey =
        act.session()
            .one(
                "SELECT coalesce(enrolled_jkt = ? AND jkt = ? AND enrolled_until > ?, false) AS same FROM agent"
                    + " WHERE enrolled_hash = ?",
                row -> row.bool("same"),
                jkt,
                jkt,
                act.at(),
                hash);
    if (!sameKey) {
      alarm(
          act,
          agent.get(),
          "its enrolment token was used a second time, with another key or too late");
      return UNKNOWN;
    }
    Optional<String> dead = Objections.of(act.session(), agent.get().id(), Optional.of(jkt));
    return dead.isPresent()
        ? new Refused.NotAuthenticated(dead.get())
        : renewed(act, agent.get(), jkt, csr);
  }

  private Enrolled renew(Act act, UUID id, byte[] proven, byte[] jkt, Csr.Ok csr)
      throws SQLException {
    Optional<String> dead = Objections.of(act.session(), id, Optional.empty());
    Optional<AgentRecord> agent = AgentRows.find(act.session(), id);
    if (dead.isPresent() || agent.isEmpty()) {
      return new Refused.NotAuthenticated(dead.orElse("There is no such agent."));
    }
    boolean byNewest = isKey(agent.get().key(), proven);
    boolean retry = isKey(agent.get().keyBefore(), proven) && isKey(agent.get().key(), jkt);
    if (!byNewest && !retry) {
      alarm(
          act,
          agent.get(),
          "a key that is not its newest one tried to renew: it may have been copied");
      return new Refused.NotAuthenticated(
          "Only the agent's newest key renews, and this is not it. If the agent lost its key, its launcher or an admin"
              + " can have it enrol again.");
    }
    if (isKey(agent.get().key(), jkt)) {
      return renewed(act, agent.get(), jkt, csr);
    }
    return claim(act, id, jkt) ? rekeyed(act, agent.get(), jkt, csr) : keyTaken();
  }

  private Enrolled renewed(Act act, AgentRecord agent, byte[] jkt, Csr.Ok csr) throws SQLException {
    Enrolled.Svids made = svids.make(agent, csr, act.at());
    act.session()
        .update(
            "UPDATE agent SET jkt_until = greatest(jkt_until, ?) WHERE id = ? AND jkt = ?",
            made.expiresAt(),
            agent.id(),
            jkt);
    act.record(note("renew", agent, csr, made));
    return made;
  }

  private Enrolled rekeyed(Act act, AgentRecord agent, byte[] jkt, Csr.Ok csr) throws SQLException {
    Enrolled.Svids made = svids.make(agent, csr, act.at());
    act.session()
        .update(
            "UPDATE agent SET jkt_before = jkt, jkt_before_until = jkt_until, jkt = ?, jkt_until = ? WHERE id = ?",
            jkt,
            made.expiresAt(),
            agent.id());
    act.record(note("renew", agent, csr, made));
    return made;
  }

  private void alarm(Act act, AgentRecord agent, String what) throws SQLException {
    if (!alarms.recent(act, agent.id())) {
      alarms.raise(act, agent, what);
    }
  }

  /** A key is never shared and never reused: one that any agent ever had is refused. */
  private static boolean claim(Act act, UUID agent, byte[] jkt) throws SQLException {
    return act.session()
            .update(
                "INSERT INTO agent_key VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                jkt,
                agent,
                act.at())
        == 1;
  }

  private static Refused keyTaken() {
    return new Refused.Conflict(
        "This key was certified before. Make a new key for each enrolment.");
  }

  private static boolean isKey(Optional<AgentRecord.Key> key, byte[] jkt) {
    return key.isPresent() && MessageDigest.isEqual(key.get().jkt(), jkt);
  }

  private static boolean known(Session session, byte[] hash) throws SQLException {
    return session.one(
        "SELECT EXISTS (SELECT FROM agent WHERE enrolment_hash = ?)"
            + " OR EXISTS (SELECT FROM agent WHERE enrolled_hash = ?) AS known",
        row -> row.bool("known"),
        hash,
        hash);
  }

  private static Optional<AgentRecord> byToken(Act act, String column, byte[] hash)
      throws SQLException {
    return AgentRows.list(act.session(), "WHERE " + column + " = ?", hash).stream().findFirst();
  }

  private static Instant expiry(Act act, UUID id, String column) throws SQLException {
    return act.session()
        .one("SELECT " + column + " AS at FROM agent WHERE id = ?", row -> row.instant("at"), id);
  }

  private static byte[] thumbprint(Csr.Ok csr) {
    return Base64.getUrlDecoder().decode(csr.jkt());
  }

  private static Note note(String kind, AgentRecord agent, Csr.Ok csr, Enrolled.Svids made) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", kind);
    body.put("agent", agent.id().toString());
    if (!agent.lineage().isEmpty()) {
      body.put("lineage", agent.lineage().stream().map(UUID::toString).toList());
    }
    agent
        .enrolment()
        .ifPresent(enrolment -> {
          body.put("number", enrolment.number());
          body.put("by", enrolment.by());
        });
    body.put("jkt", csr.jkt());
    body.put("serial", made.x509().leaf().getSerialNumber().toString(16));
    body.put("expires_at", made.expiresAt().toString());
    return Note.about(kind, agent.id(), body);
  }
}
