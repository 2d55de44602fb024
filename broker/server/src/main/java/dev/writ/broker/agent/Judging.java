package dev.writ.broker.agent;

import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.LedgerUnavailable;
import java.sql.SQLException;
import java.util.Optional;

/** Runs an act by a snapshot that is still the present one under the lock. */
final class Judging {
  private static final int ATTEMPTS = 8;

  private Judging() {}

  interface Work<T> {
    T run(Act act, Snapshot snapshot) throws SQLException;
  }

  static <T> T byFreshSnapshot(Acts acts, Snapshots snapshots, Work<T> work) {
    Snapshot snapshot = snapshots.current();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Snapshot held = snapshot;
      Optional<T> done =
          acts.act(act ->
              act.authority() == held.sequence()
                  ? Optional.of(work.run(act, held))
                  : Optional.empty());
      if (done.isPresent()) {
        return done.get();
      }
      snapshot = snapshots.refresh();
    }
    throw new LedgerUnavailable("policies, owners or keys keep changing");
  }
}
