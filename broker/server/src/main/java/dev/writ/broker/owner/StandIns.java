package dev.writ.broker.owner;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How a group's overrides change without changing what was. */
final class StandIns {
  private StandIns() {}

  /** Overrides that are new or changed and lie in the past, each with what is wrong. */
  static List<String> problems(
      String group, List<StandIn> kept, List<Substitution> written, Instant now) {
    return written.stream()
        .filter(one -> !one.until().isAfter(now))
        .filter(one -> kept.stream().noneMatch(old -> old.written().equals(one)))
        .map(one ->
            "group "
                + group
                + ": the override of "
                + one
                + " lies in the past and is new or changed; remove it")
        .toList();
  }

  /** What is kept: all of the past as it was, of the present and the future what is written now. */
  static List<StandIn> edited(List<StandIn> kept, List<Substitution> written, Instant now) {
    List<StandIn> edited = new ArrayList<>();
    for (StandIn old : kept) {
      past(old, written, now).ifPresent(edited::add);
    }
    for (Substitution one : written) {
      if (edited.stream().noneMatch(old -> old.written().equals(one))) {
        edited.add(new StandIn(one, now));
      }
    }
    edited.sort(Comparator.comparing(StandIn::from));
    return edited;
  }

  /**
   * What remains of an earlier override: all of it if it is over or still written, else its part
   * that is past.
   */
  private static Optional<StandIn> past(StandIn old, List<Substitution> written, Instant now) {
    if (!old.until().isAfter(now)) {
      return Optional.of(old);
    }
    Optional<Substitution> still = written.stream().filter(old::isSameAs).findFirst();
    if (still.isPresent()) {
      return Optional.of(old.endingAt(still.get().until()));
    }
    return old.from().isBefore(now) ? Optional.of(old.endingAt(now)) : Optional.empty();
  }
}
