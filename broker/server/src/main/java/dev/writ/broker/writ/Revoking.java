package dev.writ.broker.writ;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Ends writs, each by an act with a row in the ledger. */
public final class Revoking {
  private final Acts acts;
  private final Revocations revocations;

  public Revoking(Acts acts, Revocations revocations) {
    this.acts = acts;
    this.revocations = revocations;
  }

  /**
   * Ends a writ that is open or live: from the commit on it is inactive at introspection and not
   * handed out again, and what a target still answers is withheld; then the target is asked to end
   * it. A writ that has ended stays as it was.
   *
   * @param by who ends it
   * @throws IllegalStateException if there is no such writ
   */
  public WritResult end(UUID id, String by) {
    WritResult result = onRecord(id, by);
    Ending ending = revocations.endWrits(List.of(id)).get(id);
    return ending == null ? result : new WritResult(id, ending);
  }

  private WritResult onRecord(UUID id, String by) {
    return acts.act(act -> {
      Writ writ = found(act, id);
      int ended =
          act.session()
              .update(
                  "UPDATE writ SET state = 'ended', ended_at = ?, ended_by = ?"
                      + " WHERE id = ? AND state IN ('open', 'live') AND expires_at > ?",
                  act.at(),
                  by,
                  id,
                  act.at());
      if (ended > 0) {
        act.session().update("UPDATE held SET due = ? WHERE writ = ?", act.at(), id);
        act.record(note(writ, by));
      }
      return WritResult.of(id, writ.target(), writ.state(), writ.expiresAt());
    });
  }

  private static Writ found(Act act, UUID id) throws SQLException {
    return WritRows.find(act.session(), id)
        .orElseThrow(() -> new IllegalStateException("there is no writ " + id));
  }

  private static Note note(Writ writ, String by) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "revoke");
    body.put("writ", writ.id().toString());
    body.put("agent", writ.agent().toString());
    body.put("by", by);
    return new Note("revoke", Optional.of(writ.agent()), Optional.of(writ.id()), body);
  }
}
