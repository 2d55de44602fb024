package dev.writ.broker.authority;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.policy.Policy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes policies into the database: a new version per change of canonical content, as one act. */
public final class PolicyBook {
  private final Acts acts;

  public PolicyBook(Acts acts) {
    this.acts = acts;
  }

  /** What happened to one policy. */
  public record Applied(String name, int version, Change change) {}

  /** How a policy changed. */
  public enum Change {
    NEW,
    CHANGED,
    UNCHANGED,
    WITHDRAWN
  }

  /** What became of a set of policies. */
  public sealed interface Outcome permits Done, NotTaken.Elsewhere {}

  /** What happened to each. */
  public record Done(List<Applied> applied) implements Outcome {}

  private record Head(String realm, int version, boolean withdrawn, String canonical) {
    boolean isInForce(String text) {
      return realm.isEmpty() && !withdrawn && canonical.equals(text);
    }
  }

  /**
   * Makes these the policies that are in force, unless a realm administers them.
   *
   * @param policies at most one per name
   * @param withdrawOthers whether a policy that is not among them is withdrawn
   * @param author principal, or {@code file}
   */
  public Outcome apply(
      List<Policy> policies, boolean withdrawOthers, String author, String comment) {
    return acts.act(act -> {
      Optional<String> realm = Sources.inForce(act.session(), SourceKind.POLICIES);
      if (realm.isPresent()) {
        return new NotTaken.Elsewhere(SourceKind.POLICIES, realm.get());
      }
      Map<String, Head> heads = heads(act);
      List<Applied> applied = new ArrayList<>();
      for (Policy policy : policies) {
        applied.add(apply(act, policy, heads.remove(policy.name().value()), author, comment));
      }
      if (withdrawOthers) {
        for (Map.Entry<String, Head> other : heads.entrySet()) {
          if (!other.getValue().withdrawn()) {
            int version = other.getValue().version();
            withdraw(act, other.getKey(), version, author, comment, Map.of());
            applied.add(new Applied(other.getKey(), version, Change.WITHDRAWN));
          }
        }
      }
      return new Done(List.copyOf(applied));
    });
  }

  private static Map<String, Head> heads(Act act) throws SQLException {
    Map<String, Head> heads = new HashMap<>();
    act.session()
        .list(
            "SELECT h.name, h.realm, h.version, h.withdrawn, p.canonical FROM policy_head h"
                + " JOIN policy p ON p.name = h.name AND p.version = h.version AND p.realm = h.realm",
            row ->
                heads.put(
                    row.string("name"),
                    new Head(
                        row.string("realm"),
                        row.integer("version"),
                        row.bool("withdrawn"),
                        row.string("canonical"))));
    return heads;
  }

  private static Applied apply(
      Act act, Policy policy, @Nullable Head head, String author, String comment)
      throws SQLException {
    String name = policy.name().value();
    String canonical = policy.toJson();
    if (head != null && head.isInForce(canonical)) {
      return new Applied(name, head.version(), Change.UNCHANGED);
    }
    int version = head == null ? 1 : next(act, name);
    long sequence = act.recordChange(note(name, version, author, comment, canonical, Map.of()));
    insert(act, name, version, "", canonical, author, comment);
    putInForce(act, name, version, "", sequence);
    return new Applied(name, version, head == null ? Change.NEW : Change.CHANGED);
  }

  /** Higher than all that were ever in force, whoever counted them. */
  private static int next(Act act, String name) throws SQLException {
    return act.session()
        .one(
            "SELECT max(version) + 1 AS next FROM policy WHERE name = ?",
            row -> row.integer("next"),
            name);
  }

  /**
   * @param realm whose number the version is; empty for our own
   */
  static void insert(
      Act act,
      String name,
      int version,
      String realm,
      String canonical,
      String author,
      String comment)
      throws SQLException {
    act.session()
        .update(
            "INSERT INTO policy (name, version, realm, canonical, author, comment, at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
            name,
            version,
            realm,
            canonical,
            author,
            comment,
            act.at());
  }

  static void putInForce(Act act, String name, int version, String realm, long sequence)
      throws SQLException {
    act.session()
        .update(
            "INSERT INTO policy_head (name, version, realm, withdrawn, changed) VALUES (?, ?, ?, false, ?)"
                + " ON CONFLICT (name) DO UPDATE SET version = excluded.version, realm = excluded.realm,"
                + " withdrawn = false, changed = excluded.changed",
            name,
            version,
            realm,
            sequence);
  }

  static void withdraw(
      Act act, String name, int version, String author, String comment, Map<String, ?> more)
      throws SQLException {
    long sequence = act.recordChange(note(name, version, author, comment, "withdrawn", more));
    act.session()
        .update(
            "UPDATE policy_head SET withdrawn = true, changed = ? WHERE name = ?", sequence, name);
  }

  static Note note(
      String name,
      int version,
      String author,
      String comment,
      String content,
      Map<String, ?> more) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "policy");
    body.put("policy", name + "@" + version);
    body.put("by", author);
    body.put("comment", comment);
    body.putAll(new TreeMap<>(more));
    body.put("content", content);
    return Note.of("policy", body);
  }
}
