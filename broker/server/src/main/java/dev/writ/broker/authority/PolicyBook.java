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
import java.util.Set;
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

  private record Head(int version, boolean withdrawn, String canonical) {}

  /**
   * Makes these the policies that are in force.
   *
   * @param policies at most one per name
   * @param keep names that are left as they are although they are not among the policies
   * @param withdrawOthers whether a policy that is not among them is withdrawn
   * @param author principal, or {@code file}
   */
  public List<Applied> apply(
      List<Policy> policies,
      Set<String> keep,
      boolean withdrawOthers,
      String author,
      String comment) {
    return acts.act(act -> {
      Map<String, Head> heads = heads(act);
      List<Applied> applied = new ArrayList<>();
      for (Policy policy : policies) {
        applied.add(apply(act, policy, heads.remove(policy.name().value()), author, comment));
      }
      if (withdrawOthers) {
        for (Map.Entry<String, Head> other : heads.entrySet()) {
          if (!other.getValue().withdrawn() && !keep.contains(other.getKey())) {
            applied.add(withdraw(act, other.getKey(), other.getValue(), author, comment));
          }
        }
      }
      return List.copyOf(applied);
    });
  }

  private static Map<String, Head> heads(Act act) throws SQLException {
    Map<String, Head> heads = new HashMap<>();
    act.session()
        .list(
            "SELECT h.name, h.version, h.withdrawn, p.canonical FROM policy_head h"
                + " JOIN policy p ON p.name = h.name AND p.version = h.version",
            row ->
                heads.put(
                    row.string("name"),
                    new Head(
                        row.integer("version"), row.bool("withdrawn"), row.string("canonical"))));
    return heads;
  }

  private static Applied apply(
      Act act, Policy policy, @Nullable Head head, String author, String comment)
      throws SQLException {
    String name = policy.name().value();
    String canonical = policy.toJson();
    if (head != null && !head.withdrawn() && head.canonical().equals(canonical)) {
      return new Applied(name, head.version(), Change.UNCHANGED);
    }
    int version = head == null ? 1 : head.version() + 1;
    long sequence = act.recordChange(note(name, version, author, comment, canonical));
    act.session()
        .update(
            "INSERT INTO policy (name, version, canonical, author, comment, at) VALUES (?, ?, ?, ?, ?, ?)",
            name,
            version,
            canonical,
            author,
            comment,
            act.at());
    act.session()
        .update(
            "INSERT INTO policy_head (name, version, withdrawn, changed) VALUES (?, ?, false, ?)"
                + " ON CONFLICT (name) DO UPDATE SET version = excluded.version, withdrawn = false,"
                + " changed = excluded.changed",
            name,
            version,
            sequence);
    return new Applied(name, version, head == null ? Change.NEW : Change.CHANGED);
  }

  private static Applied withdraw(Act act, String name, Head head, String author, String comment)
      throws SQLException {
    long sequence = act.recordChange(note(name, head.version(), author, comment, "withdrawn"));
    act.session()
        .update(
            "UPDATE policy_head SET withdrawn = true, changed = ? WHERE name = ?", sequence, name);
    return new Applied(name, head.version(), Change.WITHDRAWN);
  }

  private static Note note(
      String name, int version, String author, String comment, String content) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "policy");
    body.put("policy", name + "@" + version);
    body.put("by", author);
    body.put("comment", comment);
    body.put("content", content);
    return Note.of("policy", body);
  }
}
