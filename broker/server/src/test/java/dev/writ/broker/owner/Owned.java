package dev.writ.broker.owner;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/** Short ways to write groups and to ask who is on duty. */
final class Owned {
  static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");

  private Owned() {}

  static GroupDefinition weekly(String handover, String from, String... members) {
    return rotating(1, handover, from, members);
  }

  static GroupDefinition rotating(int weeks, String handover, String from, String... members) {
    Rotation rotation =
        new Rotation(weeks, Handover.of(handover).orElseThrow(), LocalDate.parse(from));
    return new GroupDefinition("platform", List.of(members), rotation, List.of());
  }

  static GroupDefinition with(GroupDefinition group, Substitution... overrides) {
    return new GroupDefinition(group.name(), group.members(), group.rotation(), List.of(overrides));
  }

  static Group created(GroupDefinition definition, Instant now) {
    return edited(Group.created(definition, now));
  }

  static Group edited(GroupEdit edit) {
    return assertInstanceOf(GroupEdit.Edited.class, edit).group();
  }

  static Duty.Accountable duty(Group group, Instant instant) {
    return assertInstanceOf(Duty.Accountable.class, group.duty(instant));
  }

  static String person(Group group, Instant instant) {
    return duty(group, instant).person();
  }

  static Instant at(String local, String zone) {
    return LocalDateTime.parse(local).atZone(ZoneId.of(zone)).toInstant();
  }

  static Instant utc(String local) {
    return at(local, "UTC");
  }

  static Instant berlin(String local) {
    return at(local, "Europe/Berlin");
  }
}
