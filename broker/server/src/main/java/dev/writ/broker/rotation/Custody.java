package dev.writ.broker.rotation;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Signer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What this node holds of the keys that are kept elsewhere. A key that the deployment knows and
 * this node does not is looked for again, so that one that comes to a shared place is found without
 * a restart.
 */
public final class Custody {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final KeyProviders providers;
  private final Map<String, List<KeyRef>> places;
  private final InstantSource clock;
  private final Map<String, Signer> held = new ConcurrentHashMap<>();
  private final Map<String, Instant> looked = new ConcurrentHashMap<>();

  /**
   * @param places of each slot, one at least
   */
  public Custody(KeyProviders providers, Map<String, List<KeyRef>> places, InstantSource clock) {
    this.providers = providers;
    this.places = new LinkedHashMap<>(places);
    this.clock = clock;
  }

  /** The slots that something is configured for. */
  public List<String> slots() {
    return List.copyOf(places.keySet());
  }

  /**
   * Every key of the slot that is there now, in the order of configuration, oldest first.
   *
   * @throws KeyException if one cannot be had
   */
  public List<Signer> versions(String slot) {
    List<Signer> found = new ArrayList<>();
    for (KeyRef place : places.getOrDefault(slot, List.of())) {
      providers.versions(place).stream()
          .filter(one -> found.stream().noneMatch(other -> other.id().equals(one.id())))
          .forEach(found::add);
    }
    found.forEach(one -> held.put(slot + "/" + one.id(), one));
    return found;
  }

  /** The key, if this node holds it; looked for at most once a second. */
  public Optional<Signer> find(String slot, String id) {
    Signer known = held.get(slot + "/" + id);
    if (known != null) {
      return Optional.of(known);
    }
    Instant now = clock.instant();
    Instant last = looked.get(slot);
    if (last == null || !now.isBefore(last.plus(LOOK_AGAIN))) {
      looked.put(slot, now);
      try {
        versions(slot);
      } catch (KeyException away) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(held.get(slot + "/" + id));
  }

  /**
   * Makes the key that follows the newest one, where the broker may.
   *
   * @throws KeyException if that is for people to do; it says how
   */
  Signer successor(String slot) {
    Signer made = providers.successor(places.getOrDefault(slot, List.of()).get(0));
    held.put(slot + "/" + made.id(), made);
    return made;
  }

  /** Where the slot's keys are, for people. */
  String place(String slot) {
    return places.getOrDefault(slot, List.of()).stream()
        .map(KeyRef::toString)
        .collect(Collectors.joining(", "));
  }
}
