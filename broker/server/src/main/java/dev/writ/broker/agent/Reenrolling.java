package dev.writ.broker.agent;

import dev.writ.broker.agent.Launched.EnrolmentToken;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a living agent a new one-time token, after its VM slept or lost its key. All keys it had
 * are void at once.
 */
public final class Reenrolling {
  private final Acts acts;

  public Reenrolling(Acts acts) {
    this.acts = acts;
  }

  /** What became of it. */
  public record Reenrolment(Optional<EnrolmentToken> token, Optional<Refused> refused) {}

  /**
   * @param by who asked
   */
  public Reenrolment reenrol(UUID id, String by) {
    return acts.act(act -> {
      Optional<String> dead = Objections.of(act.session(), id, Optional.empty());
      if (dead.isPresent()) {
        return new Reenrolment(Optional.empty(), Optional.of(new Refused.Conflict(dead.get())));
      }
      EnrolmentToken token = replaceToken(act, id, by);
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("kind", "enrolment");
      body.put("agent", id.toString());
      body.put("by", by);
      act.record(Note.about("enrolment", id, body));
      return new Reenrolment(Optional.of(token), Optional.empty());
    });
  }

  static EnrolmentToken replaceToken(Act act, UUID id, String by) throws SQLException {
    EnrolmentToken token = OneTimeTokens.make(act.at());
    act.session()
        .update(
            "UPDATE agent SET enrolment_hash = ?, enrolment_expires_at = ?, enrolment_by = ?, enrolled_hash = NULL,"
                + " enrolled_jkt = NULL, enrolled_until = NULL, jkt = NULL, jkt_until = NULL, jkt_before = NULL,"
                + " jkt_before_until = NULL, revision = revision + 1 WHERE id = ?",
            OneTimeTokens.hash(token.secret()),
            token.expiresAt(),
            by,
            id);
    return token;
  }
}
