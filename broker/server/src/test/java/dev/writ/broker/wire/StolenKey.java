package dev.writ.broker.wire;

import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.ledger.SeenHead;
import dev.writ.broker.metrics.Metrics;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;

/** The deployment's current token key in the hands of somebody who read database and envelope. */
final class StolenKey {
  private final TestBroker broker;
  private final TokenKey key;

  private StolenKey(TestBroker broker, TokenKey key) {
    this.broker = broker;
    this.key = key;
  }

  static StolenKey from(TestBroker broker) {
    var envelope =
        KeyProviders.load()
            .sealer(KeyRef.parse("file:" + broker.keys().resolve("envelope.key"), broker.keys()));
    return broker
        .database()
        .autoCommit(session ->
            session.one(
                "SELECT certificate, sealed FROM signing_key WHERE slot = 'token' AND state = 'current'",
                row ->
                    new StolenKey(
                        broker,
                        TokenKey.open(
                            KeySlot.TOKEN,
                            row.bytes("certificate"),
                            row.bytes("sealed"),
                            envelope))));
  }

  String kid() {
    return key.kid();
  }

  /** A JWT-SVID as the broker would have made it. */
  String svid(AgentClient agent, AgentKey holder) {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"sub":"%s","aud":["%s"],"exp":%d,"iat":%d,"cnf":{"jkt":"%s"}}\
        """
            .formatted(agent.svids().spiffeId(), broker.url(), now + 600, now, holder.thumbprint());
    return key.sign("JWT", claims.getBytes(StandardCharsets.UTF_8));
  }

  /** What an emergency does: the key is trusted no more, and its successor signs from now on. */
  void distrust() throws IOException {
    acts()
        .act(act -> {
          long sequence = act.recordChange(Note.of("key", Map.of("act", "distrust", "kid", kid())));
          act.session()
              .update(
                  "UPDATE signing_key SET state = 'distrusted', sealed = NULL, changed = ? WHERE kid = ?",
                  sequence,
                  kid());
          return act.session()
              .update(
                  "UPDATE signing_key SET state = 'current', changed = ? WHERE slot = 'token' AND state = 'next'",
                  sequence);
        });
  }

  /** Trusts the intermediate that signed the agent's certificate no more. */
  static void distrustIssuerOf(TestBroker broker, AgentClient agent) throws IOException {
    X509Certificate issuer = agent.svids().x509().get(1);
    new StolenKey(broker, from(broker).key)
        .acts()
        .act(act -> {
          long sequence = act.recordChange(Note.of("key", Map.of("act", "distrust")));
          for (String[] one :
              act.session()
                  .list(
                      "SELECT id, certificate FROM intermediate",
                      row -> new String[] {row.string("id"), row.string("certificate")})) {
            if (Pem.certificates(one[1]).contains(issuer)) {
              act.session()
                  .update(
                      "UPDATE intermediate SET distrusted = true, changed = ? WHERE id = ?",
                      sequence,
                      one[0]);
            }
          }
          return sequence;
        });
  }

  private Acts acts() throws IOException {
    return new Acts(broker.database(), SeenHead.load(broker.keys().resolve("no-head")), new Metrics());
  }
}
