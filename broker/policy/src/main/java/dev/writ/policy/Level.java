package dev.writ.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A level of a GitHub permission; a higher one includes the lower ones. */
public enum Level {
  READ,
  WRITE,
  ADMIN;

  static final List<String> WORDS = Arrays.stream(values()).map(Level::word).toList();

  /** As GitHub writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Level> of(String word) {
    return Arrays.stream(values()).filter(level -> level.word().equals(word)).findFirst();
  }

  boolean covers(Level other) {
    return compareTo(other) >= 0;
  }

  static Level higher(Level a, Level b) {
    return a.covers(b) ? a : b;
  }

  static Level lower(Level a, Level b) {
    return a.covers(b) ? b : a;
  }
}
