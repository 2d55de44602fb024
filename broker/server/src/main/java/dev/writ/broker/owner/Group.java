package dev.writ.broker.owner;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A group as it is kept: its definition and what it was before, so that {@link #duty} gives for a
 * past instant what it gave then. Immutable; {@link #edited} makes the next version.
 */
public final class Group {
  private final String name;
  private final long version;
  private final List<Segment> segments;
  private final List<StandIn> standIns;

  Group(String name, long version, List<Segment> segments, List<StandIn> standIns) {
    this.name = name;
    this.version = version;
    this.segments = List.copyOf(segments);
    this.standIns = List.copyOf(standIns);
  }

  /**
   * The first version of a group. Its rotation counts from its {@code from}, its overrides from now
   * on.
   */
  public static GroupEdit created(GroupDefinition definition, Instant now) {
    Rotation rotation = definition.rotation();
    Segment first = new Segment(rotation.start(), definition.members(), rotation);
    Group empty = new Group(definition.name(), 0, List.of(first), List.of());
    return empty.withOverrides(List.of(first), definition, now);
  }

  /**
   * The next version: another rotation or other members count from the next hand-over on, overrides
   * from now on. An equal definition gives this same group.
   */
  public GroupEdit edited(GroupDefinition definition, Instant now) {
    return withOverrides(schedule(definition, now), definition, now);
  }

  private GroupEdit withOverrides(List<Segment> schedule, GroupDefinition definition, Instant now) {
    List<String> problems = StandIns.problems(name, standIns, definition.overrides(), now);
    if (!problems.isEmpty()) {
      return new GroupEdit.Rejected(problems);
    }
    List<StandIn> kept = StandIns.edited(standIns, definition.overrides(), now);
    boolean same = version > 0 && schedule.equals(segments) && kept.equals(standIns);
    return new GroupEdit.Edited(same ? this : new Group(name, version + 1, schedule, kept));
  }

  private List<Segment> schedule(GroupDefinition definition, Instant now) {
    List<Segment> begun =
        segments.stream().filter(segment -> !segment.since().isAfter(now)).toList();
    Instant start = definition.rotation().start();
    if (begun.isEmpty()) {
      return List.of(new Segment(later(start, now), definition.members(), definition.rotation()));
    }
    if (begun.getLast().says(definition)) {
      return begun;
    }
    Instant handover = begun.getLast().turn(now).until();
    List<Segment> schedule = new ArrayList<>(begun);
    schedule.add(new Segment(later(start, handover), definition.members(), definition.rotation()));
    return schedule;
  }

  /** Who answers for this group's agents at an instant. */
  public Duty duty(Instant instant) {
    Optional<StandIn> standIn = standIns.stream().filter(one -> one.covers(instant)).findFirst();
    if (standIn.isPresent()) {
      return new Duty.Accountable(
          standIn.get().written().user(), standIn.get().from(), standIn.get().until());
    }
    Optional<Segment> segment = segment(instant);
    if (segment.isEmpty()) {
      return new Duty.Nobody(
          "nobody is on duty in group:" + name + " before " + segments.getFirst().since());
    }
    Segment.Turn turn = segment.get().turn(instant);
    return new Duty.Accountable(
        turn.person(),
        later(turn.from(), boundaryAtOrBefore(instant)),
        earlier(turn.until(), boundaryAfter(instant)));
  }

  private Optional<Segment> segment(Instant instant) {
    return segments.reversed().stream().filter(one -> !one.since().isAfter(instant)).findFirst();
  }

  private Instant boundaryAfter(Instant instant) {
    return boundaries().filter(instant::isBefore).min(Instant::compareTo).orElse(Duty.END);
  }

  private Instant boundaryAtOrBefore(Instant instant) {
    return boundaries()
        .filter(boundary -> !boundary.isAfter(instant))
        .max(Instant::compareTo)
        .orElse(Duty.BEGINNING);
  }

  private Stream<Instant> boundaries() {
    return Stream.concat(
        segments.stream().map(Segment::since),
        standIns.stream().flatMap(one -> Stream.of(one.from(), one.until())));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  public String name() {
    return name;
  }

  /** From 1, one more at each change. */
  public long version() {
    return version;
  }

  /**
   * The members as last written; who was removed is one no longer, even while their last turn
   * lasts.
   */
  public List<String> members() {
    return segments.getLast().members();
  }

  /** Everybody who can become accountable at or after an instant. */
  Stream<String> people(Instant since) {
    Instant present = segment(since).map(Segment::since).orElse(Instant.MIN);
    return Stream.concat(
        segments.stream()
            .filter(one -> !one.since().isBefore(present))
            .flatMap(one -> one.members().stream()),
        standIns.stream()
            .filter(one -> one.until().isAfter(since))
            .map(one -> one.written().user()));
  }

  List<Segment> segments() {
    return segments;
  }

  List<StandIn> standIns() {
    return standIns;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Group group
        && name.equals(group.name)
        && version == group.version
        && segments.equals(group.segments)
        && standIns.equals(group.standIns);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + Long.hashCode(version);
  }

  @Override
  public String toString() {
    return "group:" + name + "@" + version;
  }
}
