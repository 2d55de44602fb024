package dev.writ.broker.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the database server is set up and what it holds.
 *
 * @param version major, such as 18
 * @param complaints settings that the broker's promises do not hold under, each a sentence with
 *     what is needed; empty on a server that a broker would start on
 * @param schemaUpToDate whether all migrations of this program are applied
 * @param connectionsFree that this user may still open
 * @param connectionsMax that users may have
 * @param standbys that stream from it now, as far as this user is told
 * @param synchronous how many of those a commit waits for
 * @param ledgerBytes with its indexes
 * @param oldestRow of the ledger; empty while there is none
 */
public record ServerFacts(
    int version,
    List<String> complaints,
    boolean schemaUpToDate,
    int connectionsFree,
    int connectionsMax,
    int standbys,
    int synchronous,
    long ledgerBytes,
    Optional<Instant> oldestRow) {

  private static final String SETTINGS =
      """
      select current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int as connections_max,
             (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as connections_used,
             (select count(*) from pg_stat_replication)::int as standbys,
             (select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum'))::int as synchronous
      """;

  private static final String LEDGER =
      """
      select pg_total_relation_size('ledger') as bytes,
             (select at from ledger order by sequence limit 1) as oldest
      """;

  private record Ledger(long bytes, Optional<Instant> oldest) {}

  public ServerFacts {
    complaints = List.copyOf(complaints);
  }

  static ServerFacts read(Session session, Migrations migrations) throws SQLException {
    List<String> complaints = new ArrayList<>();
    int version =
        session.one(
            ServerCheck.SETTINGS,
            row -> {
              complaints.addAll(ServerCheck.complaints(row));
              return row.integer("version");
            });
    boolean schema = migrations.isUpToDate(session.connection());
    Ledger ledger =
        schema
            ? session.one(
                LEDGER, row -> new Ledger(row.longInteger("bytes"), row.findInstant("oldest")))
            : new Ledger(0, Optional.empty());
    return session.one(
        SETTINGS,
        row ->
            new ServerFacts(
                version,
                complaints,
                schema,
                row.integer("connections_max") - row.integer("connections_used"),
                row.integer("connections_max"),
                row.integer("standbys"),
                row.integer("synchronous"),
                ledger.bytes(),
                ledger.oldest()));
  }
}
