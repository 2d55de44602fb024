package dev.writ.broker.authority;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.owner.Owners;
import dev.writ.broker.owner.OwnersDefinition;
import dev.writ.broker.owner.OwnersEdit;
import dev.writ.policy.Principal;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes whole owner documents into the database, entry by entry, as one act. */
public final class OwnerBook {
  private final Acts acts;

  public OwnerBook(Acts acts) {
    this.acts = acts;
  }

  /** What became of a document. */
  public sealed interface Applied {
    /** Both by full name; empty if nothing changed. */
    record Done(List<String> changed, List<String> removed) implements Applied {}

    record Rejected(List<String> problems) implements Applied {}
  }

  /**
   * @param author principal, or {@code file}
   */
  public Applied apply(OwnersDefinition definition, String author, String comment) {
    return acts.act(act -> {
      Owners before = stored(act);
      return switch (before.edited(definition, act.at())) {
        case OwnersEdit.Rejected(List<String> problems) -> new Applied.Rejected(problems);
        case OwnersEdit.Edited edited -> write(act, edited, author, comment);
      };
    });
  }

  private static Owners stored(Act act) throws SQLException {
    Map<String, String> definitions = new HashMap<>();
    act.session()
        .list(
            "SELECT name, definition FROM owner WHERE live",
            row -> definitions.put(row.string("name"), row.string("definition")));
    return ((StoredOwners) StoredOwners.read(Optional.empty(), definitions, Set.of())).owners();
  }

  private static Applied write(Act act, OwnersEdit.Edited edited, String author, String comment)
      throws SQLException {
    List<String> changed = names(edited.changed());
    List<String> removed = names(edited.removed());
    if (changed.isEmpty() && removed.isEmpty()) {
      return new Applied.Done(changed, removed);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "owner");
    body.put("by", author);
    body.put("comment", comment);
    body.put("changed", changed);
    body.put("removed", removed);
    long sequence = act.recordChange(Note.of("owner", body));
    for (Principal entry : edited.changed()) {
      act.session()
          .update(
              "INSERT INTO owner (name, definition, live, changed) VALUES (?, ?, true, ?)"
                  + " ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, live = true,"
                  + " changed = excluded.changed",
              entry.toString(),
              StoredOwners.definition(edited.owners(), entry),
              sequence);
    }
    for (String name : new HashSet<>(removed)) {
      act.session()
          .update("UPDATE owner SET live = false, changed = ? WHERE name = ?", sequence, name);
    }
    return new Applied.Done(changed, removed);
  }

  private static List<String> names(Set<Principal> entries) {
    return entries.stream().map(Principal::toString).sorted().toList();
  }
}
