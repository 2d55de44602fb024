package dev.writ.broker.writ;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.store.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What becomes of the writs of agents that were killed. */
public final class WritResults {
  /** Writs that are told of: the newest. All others end in the same way. */
  public static final int RESULTS_MAX = 1_000;

  /** A tree may have thousands of agents. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /**
   * Looks at the newest of each agent only, by the index: an agent may have had millions, nearly
   * all of them past their end.
   */
  private static final String HELD =
      "SELECT w.id, w.target, w.state, w.expires_at"
          + " FROM unnest(?::uuid[]) AS a (id) CROSS JOIN LATERAL"
          + " (SELECT * FROM writ WHERE agent = a.id ORDER BY issued_at DESC LIMIT ?) w"
          + " WHERE w.state IN ('live', 'open', 'unknown') AND w.expires_at > clock_timestamp()"
          + " ORDER BY w.issued_at DESC, w.id DESC LIMIT ?";

  private final Database database;
  private final Revocations revocations;

  public WritResults(Database database, Revocations revocations) {
    this.database = database;
    this.revocations = revocations;
  }

  /**
   * Asks the targets to end what the agents hold.
   *
   * @return the result for each writ that is not past its end, newest first, at most {@link
   *     #RESULTS_MAX}
   * @param agents as {@link dev.writ.broker.agent.Lifecycle#kill} returns them: dead
   */
  public List<Map<String, Object>> results(List<UUID> agents) {
    List<WritResult> here = found(agents);
    Map<UUID, Ending> atTargets = revocations.endAgents(agents);
    return here.stream()
        .map(one ->
            new WritResult(one.writ(), atTargets.getOrDefault(one.writ(), one.ending())).json())
        .toList();
  }

  private List<WritResult> found(List<UUID> agents) {
    UUID[] ids = agents.toArray(UUID[]::new);
    return database.autoCommit(
        LIMIT,
        session ->
            session.list(
                HELD,
                row ->
                    WritResult.of(
                        row.uuid("id"),
                        row.string("target"),
                        row.string("state"),
                        row.instant("expires_at")),
                ids,
                RESULTS_MAX,
                RESULTS_MAX));
  }
}
