package dev.writ.broker.writ;

import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the table {@code writ}. */
public final class WritRows {
  /** Writs of a page, at most. */
  public static final int PAGE_MAX = 1_000;

  /** How far back the writs of an agent are looked through for one that has not ended yet. */
  private static final int LOOK_BACK = 1_000;

  private static final String SELECT =
      "SELECT w.id, w.agent, w.target, w.state, w.grant_json, w.policy, w.owner, w.accountable, w.enrolment,"
          + " w.issued_at, w.expires_at, w.sequence, w.ended_at, w.ended_by,"
          + " agent_objection(a, NULL, clock_timestamp()) IS NOT NULL AS orphaned ";

  private static final String FROM_WRIT = "FROM writ w LEFT JOIN agent a ON a.id = w.agent ";

  /** The newest of one agent, by the index; parameters: agent, instant of issue at most, number. */
  private static final String FROM_NEWEST =
      "FROM (SELECT * FROM writ WHERE agent = ? AND issued_at <= ? ORDER BY issued_at DESC LIMIT ?) w"
          + " LEFT JOIN agent a ON a.id = w.agent ";

  private static final String NEWEST_FIRST = " ORDER BY w.issued_at DESC, w.id DESC LIMIT ?";

  static final String BY_ID = SELECT + FROM_WRIT + "WHERE w.id = ?";
  static final String BY_TOKEN = SELECT + FROM_WRIT + "WHERE w.token_sha256 = ?" + NEWEST_FIRST;
  static final String BY_ACCESS_KEY =
      SELECT + FROM_WRIT + "WHERE w.access_key_id = ?" + NEWEST_FIRST;
  static final String IN_FORCE =
      SELECT
          + FROM_NEWEST
          + "WHERE w.state <> 'refused' AND w.expires_at > ? AND (w.ended_at IS NULL OR w.ended_at > ?)"
          + NEWEST_FIRST;
  static final String LIVE =
      SELECT + FROM_NEWEST + "WHERE w.state = 'live' AND w.expires_at > ?" + NEWEST_FIRST;
  static final String FIRST_PAGE = SELECT + FROM_WRIT + "WHERE w.agent = ?" + NEWEST_FIRST;
  static final String NEXT_PAGE =
      SELECT + FROM_WRIT + "WHERE w.agent = ? AND (w.issued_at, w.id) < (?, ?)" + NEWEST_FIRST;

  private WritRows() {}

  /** A page of a list. */
  public record Page(List<Writ> writs, Optional<WritCursor> next) {}

  public static Optional<Writ> find(Session session, UUID id) throws SQLException {
    return session.find(BY_ID, WritRows::read, id);
  }

  /**
   * By the credential.
   *
   * @param sha256 of its text, 32 bytes
   */
  public static Optional<Writ> findByToken(Session session, byte[] sha256) throws SQLException {
    return first(session, BY_TOKEN, sha256, 1);
  }

  public static Optional<Writ> findByAccessKey(Session session, String accessKeyId)
      throws SQLException {
    return first(session, BY_ACCESS_KEY, accessKeyId, 1);
  }

  /**
   * The writ of an agent that was in force at an instant: of several the one that was issued last.
   */
  public static Optional<Writ> findInForce(Session session, UUID agent, Instant at)
      throws SQLException {
    return first(session, IN_FORCE, agent, at, LOOK_BACK, at, at, 1);
  }

  /** What an agent that lives holds now, newest first. */
  public static List<Writ> live(Session session, UUID agent, Instant now, int limit)
      throws SQLException {
    return session.list(LIVE, WritRows::read, agent, now, LOOK_BACK, now, limit);
  }

  /**
   * An agent's writs, newest first.
   *
   * @param limit from 1 to {@link #PAGE_MAX}
   * @param after where the page before ended
   */
  public static Page page(Session session, UUID agent, int limit, Optional<WritCursor> after)
      throws SQLException {
    if (limit < 1 || limit > PAGE_MAX) {
      throw new IllegalArgumentException("A page has 1 to " + PAGE_MAX + " writs.");
    }
    List<Writ> found =
        after.isEmpty()
            ? session.list(FIRST_PAGE, WritRows::read, agent, limit + 1)
            : session.list(
                NEXT_PAGE,
                WritRows::read,
                agent,
                after.get().issuedAt(),
                after.get().id(),
                limit + 1);
    if (found.size() <= limit) {
      return new Page(found, Optional.empty());
    }
    Writ last = found.get(limit - 1);
    return new Page(
        List.copyOf(found.subList(0, limit)),
        Optional.of(new WritCursor(last.issuedAt(), last.id())));
  }

  /**
   * Whether a token that we signed is good now: recorded under its hash, not ended, its agent
   * without objection, its key not distrusted.
   *
   * @param sha256 of the token's text, 32 bytes
   * @param kid of the key that signed it
   */
  public static boolean isGood(Session session, UUID writ, byte[] sha256, String kid)
      throws SQLException {
    return session.one(
        "SELECT EXISTS (SELECT FROM writ w JOIN agent a ON a.id = w.agent WHERE w.id = ? AND w.token_sha256 = ?"
            + " AND w.state = 'live' AND w.expires_at > clock_timestamp()"
            + " AND agent_objection(a, NULL, clock_timestamp()) IS NULL)"
            + " AND NOT EXISTS (SELECT FROM signing_key WHERE kid = ? AND state = 'distrusted') AS good",
        row -> row.bool("good"),
        writ,
        sha256,
        kid);
  }

  private static Optional<Writ> first(Session session, String sql, Object... parameters)
      throws SQLException {
    return session.list(sql, WritRows::read, parameters).stream().findFirst();
  }

  private static Writ read(Row row) throws SQLException {
    return new Writ(
        row.uuid("id"),
        row.uuid("agent"),
        row.string("target"),
        row.string("state"),
        row.string("grant_json"),
        row.string("policy"),
        row.string("owner"),
        row.string("accountable"),
        row.integer("enrolment"),
        row.instant("issued_at"),
        row.instant("expires_at"),
        row.longInteger("sequence"),
        row.findInstant("ended_at"),
        row.findString("ended_by"),
        row.bool("orphaned"));
  }
}
