package dev.writ.broker.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.doctor.Finding.Status;
import dev.writ.broker.store.ServerFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseFindingsTest {
  private static final Optional<Instant> OLDEST =
      Optional.of(Instant.parse("2026-01-05T08:00:00.5Z"));

  private static ServerFacts facts(List<String> complaints, boolean schema, int free) {
    return new ServerFacts(18, complaints, schema, free, 97, 1, 1, 5 << 20, OLDEST);
  }

  private static Finding of(List<Finding> findings, String subject) {
    return findings.stream()
        .filter(one -> one.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(findings));
  }

  @Test
  void a_sound_server_is_described() {
    List<Finding> findings = DatabaseFindings.of(facts(List.of(), true, 16));

    assertTrue(findings.stream().allMatch(one -> one.status() == Status.OK), findings::toString);
    assertEquals("5.0 MiB since 2026-01-05T08:00:00Z.", of(findings, "ledger").found());
    assertEquals(
        "16 of 97 connections are free; a node opens up to 16.",
        of(findings, "connections").found());
    assertEquals("Standbys: 1, of which commits wait for 1.", of(findings, "replication").found());
  }

  @Test
  void one_connection_fewer_than_a_node_opens_is_a_warning() {
    Finding connections = of(DatabaseFindings.of(facts(List.of(), true, 15)), "connections");

    assertEquals(Status.WARN, connections.status());
    assertTrue(connections.remedy().startsWith("Raise max_connections"));
  }

  @Test
  void wrong_settings_and_a_foreign_schema_fail_with_what_to_do() {
    List<Finding> findings =
        DatabaseFindings.of(facts(List.of("has fsync = off; Writ needs on."), false, 50));

    assertEquals(Status.FAIL, of(findings, "settings").status());
    assertEquals("The server has fsync = off; Writ needs on.", of(findings, "settings").found());
    assertEquals(Status.FAIL, of(findings, "schema").status());
    assertTrue(findings.stream().noneMatch(one -> one.subject().equals("server")));
  }

  @Test
  void an_unreachable_server_says_where_it_is_configured() {
    Finding gone = DatabaseFindings.unreachable("postgresql://db:5432/writ does not answer");

    assertEquals(Status.FAIL, gone.status());
    assertTrue(gone.found().endsWith("does not answer."));
    assertTrue(gone.remedy().contains("database: in writ.yaml"));
  }

  @Test
  void a_clock_offset_is_allowed_up_to_its_bound_and_no_further() {
    Duration max = Duration.ofSeconds(5);

    assertEquals(Status.OK, Clocks.ofDatabase(Area.CLOCK, max.negated(), max).status());
    Finding off = Clocks.ofDatabase(Area.CLOCK, max.plusMillis(1), max);
    assertEquals(Status.FAIL, off.status());
    assertTrue(off.found().startsWith("The database's clock is 5.0 s ahead of this node's"));
    assertTrue(off.remedy().contains("chrony"));
  }
}
