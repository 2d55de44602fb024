package dev.writ.broker.owner;

import java.time.Instant;
import java.util.List;

/** What a group's schedule was, or will be, from an instant on until the next segment begins. */
record Segment(Instant since, List<String> members, Rotation rotation) {
  Segment {
    members = List.copyOf(members);
  }

  /** The turn of an instant at or after {@link #since}, by this segment alone. */
  Turn turn(Instant instant) {
    long number = rotation.turn(instant);
    String person = members.get(Math.toIntExact(Math.floorMod(number, (long) members.size())));
    Instant begin = rotation.start(number);
    return new Turn(person, begin.isBefore(since) ? since : begin, rotation.start(number + 1));
  }

  boolean says(GroupDefinition definition) {
    return members.equals(definition.members()) && rotation.equals(definition.rotation());
  }

  /** One member's time, {@code [from, until)}. */
  record Turn(String person, Instant from, Instant until) {}
}
