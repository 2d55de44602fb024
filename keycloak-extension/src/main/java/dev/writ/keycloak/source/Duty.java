package dev.writ.keycloak.source;

import dev.writ.keycloak.source.Owners.GroupAttribute;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a group's attributes say of its turns. */
final class Duty {
  private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,6}) +(.+)");
  private static final Pattern WEEKS = Pattern.compile("[1-9][0-9]?");
  private static final String UNORDERED =
      "writ.order has several values, whose order Keycloak does not keep: begin each with a number, such as \"1 ada, grace\"";

  private final List<GroupAttribute> attributes;
  private final TreeSet<String> users;
  private final List<String> complaints;

  /**
   * @param users everybody who may stand in for somebody
   * @param complaints where what is wrong is noted
   */
  Duty(List<GroupAttribute> attributes, TreeSet<String> users, List<String> complaints) {
    this.attributes = attributes;
    this.users = users;
    this.complaints = complaints;
  }

  private List<String> values(String name) {
    return attributes.stream()
        .filter(attribute -> attribute.name().equals(name))
        .map(attribute -> attribute.value().strip())
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private Optional<String> value(String name) {
    List<String> values = values(name);
    if (values.size() > 1) {
      complaints.add(name + " has several values: one is expected");
    }
    return values.stream().findFirst();
  }

  /** Those whom {@code writ.order} names first, in its order; the others follow by name. */
  List<String> ordered(List<String> members) {
    List<String> ordered = new ArrayList<>(named());
    ordered.retainAll(members);
    members.stream().filter(member -> !ordered.contains(member)).forEach(ordered::add);
    return ordered;
  }

  private List<String> named() {
    List<String> values = values("writ.order");
    Map<Integer, String> numbered = new TreeMap<>();
    for (String value : values) {
      Matcher matcher = NUMBERED.matcher(value);
      if (matcher.matches()) {
        numbered.put(Integer.valueOf(matcher.group(1)), matcher.group(2));
      }
    }
    if (values.size() > 1 && numbered.size() < values.size()) {
      complaints.add(UNORDERED);
      return List.of();
    }
    List<String> parts = values.size() > 1 ? List.copyOf(numbered.values()) : values;
    return parts.stream()
        .flatMap(part -> List.of(part.split(",")).stream())
        .map(String::strip)
        .distinct()
        .toList();
  }

  /** Empty, and noted, if it cannot be read: then nobody knows whose turn it is. */
  Optional<Rotation> rotation() {
    String weeks = value("writ.rotation.weeks").orElse("1");
    String handover = value("writ.rotation.handover").orElse(Rotation.HANDOVER);
    Optional<DayOfWeek> day = Rotation.day(handover);
    boolean counted =
        WEEKS.matcher(weeks).matches() && Integer.parseInt(weeks) <= Rotation.WEEKS_MAX;
    if (!counted) {
      complaints.add("writ.rotation.weeks: expected 1 to " + Rotation.WEEKS_MAX);
    }
    if (day.isEmpty()) {
      complaints.add(
          "writ.rotation.handover: expected a day, time and zone such as \"Mon 09:00 Europe/Berlin\"");
      return Optional.empty();
    }
    return from(day.get())
        .filter(known -> counted)
        .map(from -> new Rotation(Integer.parseInt(weeks), handover, from));
  }

  private Optional<LocalDate> from(DayOfWeek day) {
    Optional<String> text = value("writ.rotation.from");
    if (text.isEmpty()) {
      return Optional.of(Rotation.usualFrom(day));
    }
    try {
      LocalDate from = LocalDate.parse(text.get());
      if (from.getDayOfWeek() == day) {
        return Optional.of(from);
      }
    } catch (DateTimeException e) {
      complaints.add("writ.rotation.from: expected a date such as 2026-01-05");
      return Optional.empty();
    }
    complaints.add("writ.rotation.from: " + text.get() + " is not the day of the hand-over");
    return Optional.empty();
  }

  /** Those that can be read; of two that overlap, the one that begins first. */
  List<Map<String, Object>> overrides(ZoneId zone) {
    List<Substitution> sound = new ArrayList<>();
    values("writ.override").stream()
        .flatMap(value -> Substitution.read(value, zone, users, complaints).stream())
        .sorted(Comparator.comparing(Substitution::start))
        .forEach(one -> {
          Optional<Substitution> last =
              sound.isEmpty() ? Optional.empty() : Optional.of(sound.get(sound.size() - 1));
          if (last.filter(before -> one.start().isBefore(before.end())).isPresent()) {
            complaints.add("writ.override: " + one.text() + " overlaps " + last.get().text());
          } else {
            sound.add(one);
          }
        });
    return sound.stream().map(Substitution::view).toList();
  }
}
