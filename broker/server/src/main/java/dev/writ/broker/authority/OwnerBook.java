package dev.writ.broker.authority;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.owner.Owners;
import dev.writ.broker.owner.OwnersDefinition;
import dev.writ.broker.owner.OwnersEdit;
import dev.writ.policy.Principal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes whole owner documents into the database, entry by entry, as one act. */
public final class OwnerBook {
  /** The names in one row of the ledger; of more it says how many. */
  private static final int NAMES_MAX = 1_000;

  /** One person more or less is another document, so nothing of it has a number of its own. */
  private static final byte[] NO_CONTENT = new byte[0];

  private final Acts acts;

  public OwnerBook(Acts acts) {
    this.acts = acts;
  }

  /** What became of a document. */
  public sealed interface Applied permits Done, Rejected, NotTaken.Elsewhere {}

  /** What became of a realm's document. */
  public sealed interface Followed permits Done, NotTaken {}

  /** Both by full name; empty if nothing changed. */
  public record Done(List<String> changed, List<String> removed) implements Applied, Followed {}

  public record Rejected(List<String> problems) implements Applied {}

  /**
   * Makes this the owners, unless a realm administers them.
   *
   * @param author principal, or {@code file}
   */
  public Applied apply(OwnersDefinition definition, String author, String comment) {
    return acts.act(act -> {
      Optional<String> realm = Sources.inForce(act.session(), SourceKind.OWNERS);
      if (realm.isPresent()) {
        return new NotTaken.Elsewhere(SourceKind.OWNERS, realm.get());
      }
      Owners before = stored(act);
      return switch (before.edited(definition, act.at())) {
        case OwnersEdit.Rejected(List<String> problems) -> new Rejected(problems);
        case OwnersEdit.Edited edited -> write(act, edited, author, comment);
      };
    });
  }

  /**
   * Makes the owners what a realm says.
   *
   * @param version number of the realm's document
   * @param kept names of groups that stay as they are, for what the realm says of them cannot be
   *     read
   * @param ago how long ago the realm was asked
   */
  public Followed follow(
      OwnersDefinition definition, Set<String> kept, Realm realm, long version, Duration ago) {
    return acts.act(act -> {
      Optional<NotTaken> objection =
          Sources.objection(act, SourceKind.OWNERS, realm, version, NO_CONTENT);
      if (objection.isPresent()) {
        return objection.get();
      }
      Sources.taken(act, SourceKind.OWNERS, realm, version, NO_CONTENT, ago);
      OwnersEdit.Edited edited = stored(act).followed(definition, kept, act.at());
      return write(act, edited, "realm " + realm.url(), "owners " + version);
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

  private static Done write(Act act, OwnersEdit.Edited edited, String author, String comment)
      throws SQLException {
    List<String> changed = names(edited.changed());
    List<String> removed = names(edited.removed());
    if (changed.isEmpty() && removed.isEmpty()) {
      return new Done(changed, removed);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "owner");
    body.put("by", author);
    body.put("comment", comment);
    names(body, "changed", changed);
    names(body, "removed", removed);
    long sequence = act.recordChange(Note.of("owner", body));
    List<Principal> entries = List.copyOf(edited.changed());
    act.session()
        .update(
            "INSERT INTO owner (name, definition, live, changed)"
                + " SELECT name, definition, true, ? FROM unnest(?, ?) AS entry (name, definition)"
                + " ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, live = true,"
                + " changed = excluded.changed",
            sequence,
            entries.stream().map(Principal::toString).toArray(String[]::new),
            entries.stream()
                .map(entry -> StoredOwners.definition(edited.owners(), entry))
                .toArray(String[]::new));
    act.session()
        .update(
            "UPDATE owner SET live = false, changed = ? WHERE name = ANY (?)",
            sequence,
            removed.toArray(String[]::new));
    return new Done(changed, removed);
  }

  private static void names(Map<String, Object> body, String member, List<String> names) {
    body.put(member, names.size() <= NAMES_MAX ? names : names.subList(0, NAMES_MAX));
    if (names.size() > NAMES_MAX) {
      body.put(member + "_count", names.size());
    }
  }

  private static List<String> names(Set<Principal> entries) {
    return entries.stream().map(Principal::toString).sorted().toList();
  }
}
