package dev.writ.broker.authority;

/** Why policies or owners were not taken over. Nothing was changed. */
public sealed interface NotTaken extends RealmPolicyBook.Taken, OwnerBook.Followed {

  /** For people: what was wrong, and what to do. */
  String text();

  /** They are administered in a realm, or in another one than this. */
  record Elsewhere(SourceKind kind, String realm)
      implements NotTaken, PolicyBook.Outcome, OwnerBook.Applied {
    @Override
    public String text() {
      return "The %s are administered in Keycloak at %s; change them there."
          .formatted(kind.word(), realm);
    }

    /** For whoever configures a node that reads them elsewhere. */
    public String advice() {
      return "The database has the %s of the realm %s. To hand them over say so once: %s: { …, replaces: \"%s\" }"
          .formatted(kind.word(), realm, kind.word(), realm);
    }
  }

  /** The realm says an older set than one that this or another node took from it. */
  record Behind(SourceKind kind, long said, long known) implements NotTaken {
    @Override
    public String text() {
      return "the realm's %s went back from set %d to %d; what is in force stays. If its database was restored from a backup, save there until the number is past %d"
          .formatted(kind.word(), known, said, known);
    }
  }

  /** The number of the set is one that came with other versions before. */
  record Contradicted(long version) implements NotTaken {
    @Override
    public String text() {
      return "the realm's set %d of policies came before with other versions in it; what is in force stays. If its database was restored from a backup, save there once more"
          .formatted(version);
    }
  }
}
