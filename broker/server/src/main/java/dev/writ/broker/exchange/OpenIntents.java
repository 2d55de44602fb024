package dev.writ.broker.exchange;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The intents that this node works on now. An open writ of this node that is not among them was
 * abandoned (its append came through after its caller had given up), and is settled like one of a
 * dead node.
 */
public final class OpenIntents {
  private final Set<UUID> writs = ConcurrentHashMap.newKeySet();

  void add(UUID writ) {
    writs.add(writ);
  }

  void remove(UUID writ) {
    writs.remove(writ);
  }

  /** Whether somebody on this node works on it. */
  public boolean contains(UUID writ) {
    return writs.contains(writ);
  }

  /** How many there are, for the metrics. */
  public int count() {
    return writs.size();
  }
}
