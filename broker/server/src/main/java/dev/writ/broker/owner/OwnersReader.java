package dev.writ.broker.owner;

import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Value;
import dev.writ.policy.Principal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code owners.yaml} and its JSON twin, with all problems of the document at once. */
public final class OwnersReader {
  private final Set<String> users = new LinkedHashSet<>();
  private final Set<String> groupNames = new HashSet<>();

  private OwnersReader() {}

  public static Parsed<OwnersDefinition> yaml(String text) {
    return read(Document.yaml(text, Limits.FILE));
  }

  public static Parsed<OwnersDefinition> json(String text) {
    return read(Document.json(text, Limits.FILE));
  }

  /** Reads owners that stand in a larger document; problems are noted there. */
  public static Optional<OwnersDefinition> read(Value value) {
    return new OwnersReader().owners(value);
  }

  private static Parsed<OwnersDefinition> read(Document document) {
    return document.read(root -> new OwnersReader().owners(root));
  }

  private Optional<OwnersDefinition> owners(Value root) {
    Fields fields = root.fields("users", "groups");
    fields.required("users").items(OwnersDefinition.USERS_MAX).forEach(this::user);
    List<GroupDefinition> groups = new ArrayList<>();
    for (Value value : fields.optional("groups").items(OwnersDefinition.GROUPS_MAX)) {
      group(value).ifPresent(groups::add);
    }
    return root.whenSound(() -> new OwnersDefinition(users, groups));
  }

  private void user(Value value) {
    Optional<String> name = name(value, Principal.Kind.USER);
    if (name.isPresent() && !users.add(name.get())) {
      value.problem("the user \"" + name.get() + "\" is there twice");
    }
  }

  private Optional<GroupDefinition> group(Value value) {
    Fields fields = value.fields("name", "members", "rotation", "overrides");
    Optional<String> name = name(fields.required("name"), Principal.Kind.GROUP);
    if (name.isPresent() && !groupNames.add(name.get())) {
      fields.optional("name").problem("the group \"" + name.get() + "\" is there twice");
    }
    List<String> members = members(fields.required("members"));
    Optional<Rotation> rotation = RotationReader.rotation(fields.required("rotation"));
    // Any zone will do to find what else is wrong, where the rotation does not say which.
    ZoneId zone = rotation.map(known -> known.handover().zone()).orElse(ZoneOffset.UTC);
    List<Substitution> overrides =
        OverridesReader.read(fields.optional("overrides"), zone, this::existingUser);
    return value.whenSound(
        () -> new GroupDefinition(name.orElseThrow(), members, rotation.orElseThrow(), overrides));
  }

  private List<String> members(Value value) {
    List<Value> items = value.items(GroupDefinition.MEMBERS_MAX);
    if (items.isEmpty() && value.isPresent()) {
      value.problem("expected at least one member");
    }
    Set<String> members = new LinkedHashSet<>();
    for (Value item : items) {
      Optional<String> name = existingUser(item);
      if (name.isPresent() && !members.add(name.get())) {
        item.problem("the member \"" + name.get() + "\" is there twice");
      }
    }
    return List.copyOf(members);
  }

  private Optional<String> existingUser(Value value) {
    Optional<String> name = name(value, Principal.Kind.USER);
    if (name.isPresent() && !users.contains(name.get())) {
      value.problem("\"" + name.get() + "\" is not among the users of this document");
    }
    return name;
  }

  private static Optional<String> name(Value value, Principal.Kind kind) {
    String expected = "a " + kind.word() + "'s name without " + kind.word() + ":";
    return value.parsed(
        expected,
        text ->
            text.startsWith(kind.word() + ":")
                ? Optional.empty()
                : Principal.of(kind.word() + ":" + text).map(Principal::name));
  }
}
