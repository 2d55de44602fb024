package dev.writ.broker.doctor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be examined. */
public enum Area {
  GITHUB,
  AWS,
  CLOCK,
  DATABASE;

  /** As the wire and the command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Empty for what is none. */
  public static Optional<Area> of(String word) {
    return Arrays.stream(values()).filter(area -> area.word().equals(word)).findFirst();
  }
}
