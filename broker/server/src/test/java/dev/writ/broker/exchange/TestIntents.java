package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.OwnerDirectory;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.ledger.Row;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.token.Confirmation;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Intents for minters that are tested without a ledger. */
public final class TestIntents {
  private static final Instant NOW = Instant.now();
  private static final KeyRing KEYS = TestKeys.ring(KeySlot.TOKEN, NOW);

  private TestIntents() {}

  /** That an agent is about to be given this. */
  public static Intent of(UUID agent, dev.writ.policy.Grant allowed, Instant expiresAt) {
    return new Intent(
        new Grant(
            Uuids.next(),
            agent(agent),
            allowed,
            "operator@1",
            Row.Basis.NONE,
            Duration.ofHours(1),
            expiresAt));
  }

  private static Agent agent(UUID id) {
    byte[] thumbprint = new byte[32];
    return new Agent(
        new SpiffeId(new TrustDomain("writ.test"), id),
        List.of(record(id)),
        new Agent.SenderProof(
            "key", new Confirmation.Key("key"), Instant.MAX, Row.Proof.ofKey(thumbprint)),
        new Snapshot(
            0, Map.of(), new Nobody(), Set.of(), KEYS, KEYS, Set.of(), Set.of(), Map.of()));
  }

  private static AgentRecord record(UUID id) {
    return new AgentRecord(
        id,
        "operator",
        "operator@1",
        "user:ada",
        Optional.empty(),
        "operator",
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        NOW,
        NOW.plus(Duration.ofDays(1)),
        Optional.empty(),
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private record Nobody() implements OwnerDirectory {
    @Override
    public OnDuty onDuty(String owner, Instant at) {
      return new OnDuty.Nobody("there is nobody");
    }

    @Override
    public OnDuty wasOnDuty(String owner, Instant at) {
      return onDuty(owner, at);
    }

    @Override
    public boolean lives(String owner) {
      return false;
    }

    @Override
    public boolean removed(String owner) {
      return false;
    }

    @Override
    public boolean isEmpty() {
      return true;
    }

    @Override
    public boolean isMember(String user, String group) {
      return false;
    }
  }
}
