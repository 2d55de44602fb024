package dev.writ.broker.doctor;

import dev.writ.broker.store.Database;
import dev.writ.broker.store.ServerFacts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a database server's facts mean for a broker. */
public final class DatabaseFindings {
  private static final String SERVER = "server";

  private DatabaseFindings() {}

  public static Finding unreachable(String why) {
    return Finding.fail(
        Area.DATABASE,
        SERVER,
        "The database does not answer: " + why + (why.endsWith(".") ? "" : "."),
        "Start it, or correct database: in writ.yaml. Until then nothing is issued (docs/failure.md).");
  }

  static Finding readOnly() {
    return Finding.fail(
        Area.DATABASE,
        SERVER,
        "It takes no writes: a standby, or one that recovers.",
        "Name all hosts in database.url, so that the one that takes writes is found; or promote it.");
  }

  /** Of a server that answers. */
  public static List<Finding> of(ServerFacts facts) {
    List<Finding> findings = new ArrayList<>();
    facts
        .complaints()
        .forEach(complaint ->
            findings.add(
                Finding.fail(
                    Area.DATABASE,
                    "settings",
                    "The server " + complaint,
                    "Set it so, restart the server, and then the broker.")));
    if (facts.complaints().isEmpty()) {
      findings.add(
          Finding.ok(
              Area.DATABASE,
              SERVER,
              "PostgreSQL %d answers, and keeps what it committed.".formatted(facts.version())));
    }
    findings.add(
        facts.schemaUpToDate()
            ? Finding.ok(Area.DATABASE, "schema", "It is this broker's.")
            : Finding.fail(
                Area.DATABASE,
                "schema",
                "It is not this broker's.",
                "Bring it up to date with `writ migrate`, or start the broker: it does so, too."));
    findings.add(connections(facts));
    findings.add(
        Finding.ok(
            Area.DATABASE,
            "replication",
            facts.standbys() == 0
                ? "No standby is to be seen from here."
                : "Standbys: %d, of which commits wait for %d."
                    .formatted(facts.standbys(), facts.synchronous())));
    findings.add(Finding.ok(Area.DATABASE, "ledger", ledger(facts)));
    return findings;
  }

  private static Finding connections(ServerFacts facts) {
    String found =
        "%d of %d connections are free; a node opens up to %d."
            .formatted(
                Math.max(0, facts.connectionsFree()),
                facts.connectionsMax(),
                Database.CONNECTIONS_MAX);
    return facts.connectionsFree() < Database.CONNECTIONS_MAX
        ? Finding.warn(
            Area.DATABASE,
            "connections",
            found,
            "Raise max_connections before another node starts.")
        : Finding.ok(Area.DATABASE, "connections", found);
  }

  private static String ledger(ServerFacts facts) {
    return facts
        .oldestRow()
        .map(oldest -> "%s since %s.".formatted(size(facts.ledgerBytes()), day(oldest)))
        .orElse("It is empty.");
  }

  private static String size(long bytes) {
    double mebibytes = bytes / 1024.0 / 1024.0;
    return mebibytes < 1024
        ? String.format(Locale.ROOT, "%.1f MiB", mebibytes)
        : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
  }

  private static String day(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
