package dev.writ.broker.owner;

import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Json;
import dev.writ.document.Limits;
import dev.writ.document.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A group as it is stored: with its history, in a form that later brokers read, too. */
public final class GroupJson {
  private static final int HISTORY_MAX = 100_000;
  private static final int NAME_MAX = 255;

  private GroupJson() {}

  public static String write(Group group) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", group.name());
    json.put("version", group.version());
    json.put("schedule", group.segments().stream().map(GroupJson::json).toList());
    json.put("overrides", group.standIns().stream().map(GroupJson::json).toList());
    return Json.write(json);
  }

  private static Map<String, Object> json(Segment segment) {
    Map<String, Object> rotation = new LinkedHashMap<>();
    rotation.put("weeks", segment.rotation().weeks());
    rotation.put("handover", segment.rotation().handover().toString());
    rotation.put("from", segment.rotation().from().toString());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("since", segment.since().toString());
    json.put("members", segment.members());
    json.put("rotation", rotation);
    return json;
  }

  private static Map<String, Object> json(StandIn standIn) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", standIn.written().from().toString());
    json.put("until", standIn.written().until().toString());
    json.put("user", standIn.written().user());
    json.put("since", standIn.since().toString());
    return json;
  }

  /**
   * @throws IllegalStateException if it is not what {@link #write} wrote; the row was tampered with
   *     or is a newer broker's
   */
  public static Group read(String json) {
    return Document.json(json, Limits.FILE).read(GroupJson::group).orElseThrow();
  }

  private static Optional<Group> group(Value root) {
    Fields fields = root.fields("name", "version", "schedule", "overrides");
    Optional<String> name = fields.required("name").string(NAME_MAX);
    Optional<Long> version = fields.required("version").integer(1, Long.MAX_VALUE);
    List<Segment> segments =
        fields.required("schedule").items(HISTORY_MAX).stream()
            .flatMap(item -> segment(item).stream())
            .toList();
    List<StandIn> standIns =
        fields.required("overrides").items(HISTORY_MAX).stream()
            .flatMap(item -> standIn(item).stream())
            .toList();
    if (segments.isEmpty()) {
      fields.optional("schedule").problem("a group has a schedule");
    }
    return root.whenSound(
        () -> new Group(name.orElseThrow(), version.orElseThrow(), segments, standIns));
  }

  private static Optional<Segment> segment(Value value) {
    Fields fields = value.fields("since", "members", "rotation");
    Optional<Instant> since = instant(fields.required("since"));
    List<String> members =
        fields.required("members").items(GroupDefinition.MEMBERS_MAX).stream()
            .flatMap(item -> item.string(NAME_MAX).stream())
            .toList();
    Optional<Rotation> rotation = RotationReader.rotation(fields.required("rotation"));
    return value.whenSound(() -> new Segment(since.orElseThrow(), members, rotation.orElseThrow()));
  }

  private static Optional<StandIn> standIn(Value value) {
    Fields fields = value.fields("from", "until", "user", "since");
    Optional<Instant> from = instant(fields.required("from"));
    Optional<Instant> until = instant(fields.required("until"));
    Optional<String> user = fields.required("user").string(NAME_MAX);
    Optional<Instant> since = instant(fields.required("since"));
    return value.whenSound(() ->
        new StandIn(
            new Substitution(from.orElseThrow(), until.orElseThrow(), user.orElseThrow()),
            since.orElseThrow()));
  }

  private static Optional<Instant> instant(Value value) {
    return value.parsed(
        "an instant",
        text -> {
          try {
            return Optional.of(Instant.parse(text));
          } catch (DateTimeException e) {
            return Optional.empty();
          }
        });
  }
}
