package dev.writ.broker.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A slot as people look at it.
 *
 * @param purpose what its keys do, a few words
 * @param kept where they are
 * @param versions the one that is used first, then its successor, then former ones
 * @param every how old a key becomes; empty where nothing replaces it by itself
 * @param next when that comes about; of a slot without a schedule, empty
 * @param trouble what keeps the slot from being replaced, or its key from being used
 */
public record SlotView(
    String id,
    String purpose,
    String kept,
    List<Version> versions,
    Optional<Duration> every,
    Optional<Instant> next,
    Optional<String> trouble) {

  public SlotView {
    versions = List.copyOf(versions);
  }

  /**
   * One key.
   *
   * @param id of the key, never anything secret
   * @param state {@code current}, {@code next}, {@code retired} or {@code distrusted}
   * @param since it has been in this state
   * @param until a retired one is needed
   */
  public record Version(String id, String state, Instant since, Optional<Instant> until) {
    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", id);
      json.put("state", state);
      json.put("since", since.toString());
      until.ifPresent(time -> json.put("until", time.toString()));
      return json;
    }
  }

  /** The key that is used. */
  public Optional<Version> current() {
    return versions.stream().filter(version -> version.state().equals("current")).findFirst();
  }

  /** As the API tells it. */
  public Map<String, Object> json(Instant now) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("purpose", purpose);
    json.put("kept", kept);
    json.put("versions", versions.stream().map(Version::json).toList());
    current()
        .ifPresent(
            version -> json.put("age_seconds", Duration.between(version.since(), now).toSeconds()));
    every.ifPresent(time -> json.put("rotates_every_seconds", time.toSeconds()));
    next.ifPresent(time -> json.put("next_rotation", time.toString()));
    json.put("overdue", next.isPresent() && now.isAfter(next.get().plus(OVERDUE_AFTER)));
    trouble.ifPresent(text -> json.put("trouble", text));
    return json;
  }

  /** Upkeep looks every second; more than this late is a trouble. */
  static final Duration OVERDUE_AFTER = Duration.ofHours(1);
}
