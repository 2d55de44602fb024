package dev.writ.broker.rotation;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of an order about a slot. */
public sealed interface Outcome {

  /**
   * It was done.
   *
   * @param result one word: rotated, retired or compromised
   * @param version the key that is used now; of {@code retired}, the one that was
   * @param text what it means, for people
   * @param figures what was counted on the way, such as {@code writs_ended}
   * @param steps what people have to do yet, in order
   */
  record Done(
      String result, String version, String text, Map<String, ?> figures, List<String> steps)
      implements Outcome {
    public Done {
      figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures)); // always in one order
      steps = List.copyOf(steps);
    }

    Map<String, Object> json(String id) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", id);
      json.put("result", result);
      json.put("version", version);
      json.put("detail", text);
      json.putAll(figures);
      json.put("steps", steps);
      return json;
    }
  }

  /**
   * It is going to be done by itself.
   *
   * @param version the key that will be used
   */
  record Scheduled(String version, Instant at, String text) implements Outcome {
    Map<String, Object> json(String id) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", id);
      json.put("result", "scheduled");
      json.put("version", version);
      json.put("at", at.toString());
      json.put("detail", text);
      json.put("steps", List.of());
      return json;
    }
  }

  /**
   * It cannot be done now, and nothing has changed.
   *
   * @param text why, and what to do
   */
  record Refused(String text) implements Outcome {}

  /** As the API tells it, of all but {@link Refused}. */
  static Map<String, Object> json(String id, Outcome outcome) {
    return switch (outcome) {
      case Done done -> done.json(id);
      case Scheduled scheduled -> scheduled.json(id);
      case Refused refused -> throw new IllegalArgumentException(refused.text());
    };
  }
}
