package dev.writ.broker.ledger;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.ledger.Row.Basis;
import dev.writ.broker.ledger.Row.Credential;
import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Row.Proof;
import dev.writ.broker.ledger.Row.WritState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds a row that goes in, but for what a test says. */
final class TestRow {
  private final Kind kind;
  private final TestAgent agent;
  private final UUID id = Uuids.next();
  private UUID writ = id;
  private long authority;
  private int revision;
  private Instant from = Instant.EPOCH;
  private Instant until = Instant.MAX;
  private byte[] jkt;
  private byte @Nullable [] jti;
  private @Nullable Instant issuedAt;
  private Instant expiresAt;
  private String body = "{\"kind\":\"test\",\"text\":\"käse\"}";
  private String accountable = "user:ada";
  private WritState state = WritState.LIVE;

  TestRow(Kind kind, TestAgent agent, long authority, Instant expiresAt) {
    this.kind = kind;
    this.agent = agent;
    this.authority = authority;
    this.jkt = agent.jkt();
    this.expiresAt = expiresAt;
  }

  TestRow authority(long sequence) {
    authority = sequence;
    return this;
  }

  TestRow revision(int number) {
    revision = number;
    return this;
  }

  TestRow duty(Instant first, Instant end) {
    from = first;
    until = end;
    return this;
  }

  TestRow key(byte[] thumbprint) {
    jkt = thumbprint;
    return this;
  }

  TestRow dpop(String jtiText, Instant iat) {
    jti = Digests.sha256(jtiText.getBytes(StandardCharsets.UTF_8));
    issuedAt = iat;
    return this;
  }

  TestRow expires(Instant at) {
    expiresAt = at;
    return this;
  }

  TestRow writ(UUID of) {
    writ = of;
    return this;
  }

  TestRow state(WritState comesTo) {
    state = comesTo;
    return this;
  }

  TestRow body(String json) {
    body = json;
    return this;
  }

  /** A NUL is what no text of PostgreSQL holds: the database rejects the row. */
  TestRow poisoned() {
    accountable = "user:\0";
    return this;
  }

  private Proof proof() {
    return jti == null || issuedAt == null ? Proof.ofKey(jkt) : Proof.ofDpop(jkt, jti, issuedAt);
  }

  Row build() {
    boolean judged = kind != Kind.REFUSE && kind != Kind.WITHHOLD;
    boolean ends = kind == Kind.CLOSE || kind == Kind.WITHHOLD;
    return new Row(
        kind,
        id,
        agent.id(),
        kind == Kind.REFUSE ? null : writ,
        body.getBytes(StandardCharsets.UTF_8),
        judged ? new Basis(authority, revision, accountable, from, until) : Basis.NONE,
        kind == Kind.WITHHOLD ? null : proof(),
        kind == Kind.REFUSE || kind == Kind.AGAIN
            ? null
            : new Credential(
                "internal", ends ? state : null, "[]", "operator@7", expiresAt, null, null, null));
  }
}
