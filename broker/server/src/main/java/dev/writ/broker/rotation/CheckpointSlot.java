package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The key that signs the ledger's checkpoints. */
public final class CheckpointSlot extends KeptSlot {
  public static final String ID = "checkpoint";

  public CheckpointSlot(Parts parts) {
    super(ID, parts);
  }

  @Override
  String purpose() {
    return "signs the ledger's checkpoints";
  }

  /** What it signed is evidence for ever, and needs its public half only. */
  @Override
  Duration needed() {
    return Duration.ZERO;
  }

  @Override
  Outcome.Done compromised(KeptKey distrusted, String heir) {
    return new Outcome.Done(
        "compromised",
        heir,
        "Checkpoints are signed by another key.",
        Map.of("distrusted", distrusted.id()),
        List.of(
            "Tell whoever verifies checkpoints: those of the key "
                + distrusted.id()
                + " prove nothing that an earlier copy of them elsewhere does not show.",
            "Delete the key where it is kept."));
  }
}
