package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the long-lived keys are. Of those that follow each other in places of their own there may
 * be several; which one is used, the database says.
 *
 * @param publishAhead how long a key's successor is published before it signs
 * @param rotate by slot, how old its key becomes before it is replaced
 */
public record Keys(
    List<KeyRef> root,
    KeyRef envelope,
    List<KeyRef> checkpoint,
    Duration publishAhead,
    Map<String, Duration> rotate) {
  public Keys {
    root = List.copyOf(root);
    checkpoint = List.copyOf(checkpoint);
    rotate = Map.copyOf(rotate);
  }

  /** How old a slot's key becomes; empty where people replace it. */
  public Optional<Duration> rotateAfter(String slot) {
    return Optional.ofNullable(rotate.get(slot));
  }
}
