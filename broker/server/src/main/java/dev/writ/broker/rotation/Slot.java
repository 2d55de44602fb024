package dev.writ.broker.rotation;

import java.util.Optional;

/** One role that keys follow each other in, such as signing agents' tokens. */
public interface Slot {
  /** Survives rotation: {@code token}, {@code root}, {@code github:12345}. */
  String id();

  /** The keys in it and what comes next. */
  SlotView view();

  /**
   * Replaces the key that is used by its successor, at once if everybody who has to know the
   * successor does, else as soon as they do.
   *
   * @param now skips that wait; what the former key did stays valid
   * @param by who asks
   */
  Outcome rotate(boolean now, String by);

  /**
   * Takes a former key out of use once nothing depends on it any more.
   *
   * @param version which; the only former one unless given
   */
  Outcome retire(Optional<String> version, String by);

  /**
   * Stops the use of a key that somebody else may have, replaces it and revokes what it did.
   *
   * @param version which; the one that is used unless given
   * @param reason for the ledger
   */
  Outcome compromise(Optional<String> version, String reason, String by);
}
