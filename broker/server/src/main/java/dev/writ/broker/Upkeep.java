package dev.writ.broker;

import dev.writ.broker.agent.LaunchKeys;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.doctor.IssuerWatch;
import dev.writ.broker.exchange.Leftovers;
import dev.writ.broker.exchange.Refusals;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.store.Database;
import dev.writ.broker.upkeep.Turns;
import dev.writ.broker.writ.Revocations;
import java.time.Clock;
import java.time.Duration;

/** What a node does by the clock besides the ledger's own upkeep. */
final class Upkeep implements AutoCloseable {
  private final Turns here = new Turns("upkeep", 1);

  /** Keys may be kept by a service that is slow. */
  private final Turns keys = new Turns("key-upkeep", 1);

  /** Targets may be slow: apart from what must not wait. */
  private final Turns atTargets = new Turns("target-upkeep", 2);

  /** Others' web servers may be slower still, and nobody waits for them. */
  private final Turns atIssuers = new Turns("issuer-upkeep", 1);

  private Upkeep() {}

  static Upkeep start(
      Snapshots snapshots,
      TokenKeys tokenKeys,
      TokenKeys stsKeys,
      Acts acts,
      KeyDesk keys,
      Refusals refusals,
      Leftovers leftovers,
      Revocations revocations,
      IssuerWatch issuers,
      Database database,
      Clock time) {
    Upkeep upkeep = new Upkeep();
    upkeep.here.every(Duration.ofSeconds(1), "reading what changed", snapshots::refresh);
    upkeep.here.every(Duration.ofSeconds(1), "counting refusals", refusals::flush);
    upkeep.here.every(
        Duration.ofMinutes(10), "forgetting old launches", () -> LaunchKeys.forget(database));
    upkeep.keys.every(Duration.ofSeconds(1), "looking after keys", keys::upkeep);
    upkeep.here.every(
        Duration.ofSeconds(1),
        "looking after token keys",
        () -> {
          if (tokenKeys.needsUpkeep(snapshots.current().tokenKeys(), time.instant())) {
            tokenKeys.upkeep(acts);
          }
          if (stsKeys.needsUpkeep(snapshots.current().stsKeys(), time.instant())) {
            stsKeys.upkeep(acts);
          }
        });
    upkeep.atTargets.every(
        Duration.ofSeconds(1), "ending what could not be put on record", leftovers::turn);
    upkeep.atTargets.every(
        Duration.ofSeconds(1), "ending credentials at their targets", revocations::turn);
    upkeep.atIssuers.nowAndEvery(
        Duration.ofMinutes(5), "looking at the published copies of the issuer", issuers::turn);
    return upkeep;
  }

  @Override
  public void close() {
    here.close();
    keys.close();
    atTargets.close();
    atIssuers.close();
  }
}
