package dev.writ.broker.authority;

import dev.writ.broker.authority.PolicyBook.Applied;
import dev.writ.broker.authority.PolicyBook.Change;
import dev.writ.broker.authority.RealmPolicies.Deleted;
import dev.writ.broker.authority.RealmPolicies.Saved;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.document.Parsed;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a realm's policies into the database under the numbers that the realm gave them, as one
 * act. Several nodes read the same realm: a set that is older than one which was taken over already
 * changes nothing, and neither does the same set once more.
 */
public final class RealmPolicyBook {
  private final Acts acts;
  private final Realm realm;
  private final Bounds bounds;

  public RealmPolicyBook(Acts acts, Realm realm, Bounds bounds) {
    this.acts = acts;
    this.realm = realm;
    this.bounds = bounds;
  }

  /** What became of a set. */
  public sealed interface Taken permits Done, NotTaken {}

  /**
   * It is in force.
   *
   * @param changed those that were not so before
   * @param refused policies whose number is not believed, and why; their last good version stays
   */
  public record Done(List<Applied> changed, Map<String, String> refused) implements Taken {}

  private record Head(String realm, int version, boolean withdrawn) {
    boolean isInForce(String ofRealm, int number) {
      return !withdrawn && version == number && realm.equals(ofRealm);
    }
  }

  private record Newest(int version, String canonical) {}

  /**
   * @param ago how long ago the realm was asked
   */
  public Taken take(RealmPolicies set, Duration ago) {
    return acts.act(act -> {
      Optional<NotTaken> objection =
          Sources.objection(act, SourceKind.POLICIES, realm, set.version(), set.content());
      if (objection.isPresent()) {
        return objection.get();
      }
      Sources.taken(act, SourceKind.POLICIES, realm, set.version(), set.content(), ago);
      return new Taking(act, heads(act), newest(act)).all(set);
    });
  }

  private static Map<String, Head> heads(Act act) throws SQLException {
    Map<String, Head> heads = new HashMap<>();
    act.session()
        .list(
            "SELECT name, realm, version, withdrawn FROM policy_head",
            row ->
                heads.put(
                    row.string("name"),
                    new Head(row.string("realm"), row.integer("version"), row.bool("withdrawn"))));
    return heads;
  }

  /** The highest numbers that this realm ever gave. */
  private Map<String, Newest> newest(Act act) throws SQLException {
    Map<String, Newest> newest = new HashMap<>();
    act.session()
        .list(
            "SELECT DISTINCT ON (name) name, version, canonical FROM policy WHERE realm = ?"
                + " ORDER BY name, version DESC",
            row ->
                newest.put(
                    row.string("name"),
                    new Newest(row.integer("version"), row.string("canonical"))),
            realm.url());
    return newest;
  }

  private final class Taking {
    private final Act act;
    private final Map<String, Head> heads;
    private final Map<String, Newest> newest;
    private final List<Applied> changed = new ArrayList<>();
    private final Map<String, String> refused = new TreeMap<>();

    Taking(Act act, Map<String, Head> heads, Map<String, Newest> newest) {
      this.act = act;
      this.heads = heads;
      this.newest = newest;
    }

    Taken all(RealmPolicies set) throws SQLException {
      for (Saved saved : set.policies()) {
        Head head = heads.remove(saved.name());
        if (saved.policy().isPresent()) {
          one(saved, saved.policy().get(), head, newest.get(saved.name()));
        }
      }
      Map<String, Deleted> deleted =
          set.deleted().stream().collect(Collectors.toMap(Deleted::name, Function.identity()));
      for (Map.Entry<String, Head> gone : heads.entrySet()) {
        if (!gone.getValue().withdrawn()) {
          withdraw(gone.getKey(), gone.getValue(), Optional.ofNullable(deleted.get(gone.getKey())));
        }
      }
      return new Done(changed, refused);
    }

    private void one(Saved saved, Policy policy, @Nullable Head head, @Nullable Newest known)
        throws SQLException {
      if (known != null && saved.version() < known.version()) {
        refused.put(
            saved.name(),
            "its version went back from %d to %d".formatted(known.version(), saved.version()));
      } else if (known != null
          && saved.version() == known.version()
          && !isSame(known.canonical(), policy)) {
        refused.put(
            saved.name(), "version %d came before with another content".formatted(saved.version()));
      } else if (head == null || !head.isInForce(realm.url(), saved.version())) {
        write(saved, policy, known != null && known.version() == saved.version());
        changed.add(
            new Applied(saved.name(), saved.version(), head == null ? Change.NEW : Change.CHANGED));
      }
    }

    /** Another version of this broker may have written the same policy in other words. */
    private boolean isSame(String stored, Policy policy) {
      return stored.equals(policy.toJson())
          || (Policy.json(stored, bounds) instanceof Parsed.Valid<Policy>(Policy before)
              && before.toJson().equals(policy.toJson()));
    }

    private void write(Saved saved, Policy policy, boolean isStored) throws SQLException {
      Map<String, Object> more = Map.of("realm", realm.url(), "saved_at", saved.at());
      String canonical = policy.toJson();
      long sequence =
          act.recordChange(
              PolicyBook.note(
                  saved.name(), saved.version(), saved.author(), saved.comment(), canonical, more));
      if (!isStored) {
        PolicyBook.insert(
            act,
            saved.name(),
            saved.version(),
            realm.url(),
            canonical,
            saved.author(),
            saved.comment());
      }
      PolicyBook.putInForce(act, saved.name(), saved.version(), realm.url(), sequence);
    }

    private void withdraw(String name, Head head, Optional<Deleted> deleted) throws SQLException {
      String author = deleted.map(Deleted::author).orElse("realm");
      String comment = deleted.map(Deleted::comment).orElse("is not among the realm's policies");
      PolicyBook.withdraw(act, name, head.version(), author, comment, Map.of("realm", realm.url()));
      changed.add(new Applied(name, head.version(), Change.WITHDRAWN));
    }
  }
}
