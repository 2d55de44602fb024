package dev.writ.policy;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** GitHub permissions with their levels, sorted by name. What is not listed is not there. */
public record Permissions(SortedMap<String, Level> levels) {
  static final Permissions NONE = new Permissions(new TreeMap<>());

  public Permissions {
    levels = Collections.unmodifiableSortedMap(new TreeMap<>(levels));
  }

  public static Permissions of(Map<String, Level> levels) {
    return new Permissions(new TreeMap<>(levels));
  }

  /** From GitHub's own words, such as its answer has; empty if one of the levels is unknown. */
  public static Optional<Permissions> ofWords(Map<String, String> words) {
    SortedMap<String, Level> levels = new TreeMap<>();
    words.forEach((name, word) -> Level.of(word).ifPresent(level -> levels.put(name, level)));
    return levels.size() == words.size() ? Optional.of(new Permissions(levels)) : Optional.empty();
  }

  public boolean isEmpty() {
    return levels.isEmpty();
  }

  /** Whether every one of {@code others} is here, at its level or a higher one. */
  public boolean covers(Permissions others) {
    return others.levels.entrySet().stream()
        .allMatch(other -> covers(other.getKey(), other.getValue()));
  }

  private boolean covers(String name, Level level) {
    Level own = levels.get(name);
    return own != null && own.covers(level);
  }

  /** What both allow. */
  Permissions meet(Permissions other) {
    SortedMap<String, Level> both = new TreeMap<>();
    levels.forEach((name, level) -> {
      Level others = other.levels.get(name);
      if (others != null) {
        both.put(name, Level.lower(level, others));
      }
    });
    return new Permissions(both);
  }

  /** What either allows. */
  Permissions join(Permissions other) {
    BinaryOperator<Level> higher = Level::higher;
    SortedMap<String, Level> either = new TreeMap<>(levels);
    other.levels.forEach((name, level) -> either.merge(name, level, higher));
    return new Permissions(either);
  }

  /** The names with GitHub's words, as its API and our documents write them. */
  public Map<String, Object> words() {
    Map<String, Object> words = new TreeMap<>();
    levels.forEach((name, level) -> words.put(name, level.word()));
    return words;
  }
}
