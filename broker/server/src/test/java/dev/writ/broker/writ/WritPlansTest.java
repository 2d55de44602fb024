package dev.writ.broker.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WritPlansTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final UUID BUSY = UUID.fromString("0198c0de-0000-4000-8000-000000000001");
  private static final Instant NOW = Instant.now();

  @BeforeAll
  static void fills_the_table() {
    DATABASE
        .database()
        .autoCommit(
            Duration.ofMinutes(1),
            session -> {
              session.update(
                  "INSERT INTO writ SELECT gen_random_uuid(), CASE i % 2 WHEN 0 THEN gen_random_uuid() ELSE ? END,"
                      + " 'internal', 'live', '[]', 'operator@7', 'group:ops', 'user:ada', 1, gen_random_uuid(),"
                      + " now() - i * interval '1 s', now(), sha256(int4send(i)), 'AK' || i, i"
                      + " FROM generate_series(1, 20000) i",
                  BUSY);
              return session.update("ANALYZE writ");
            });
  }

  private static void assertUses(String index, String sql, Object... parameters) {
    List<String> plan =
        DATABASE
            .database()
            .autoCommit(session ->
                session.list("EXPLAIN " + sql, row -> row.string("QUERY PLAN"), parameters));
    String text = String.join("\n", plan);
    assertTrue(text.contains(index), text);
    assertEquals(-1, text.indexOf("Seq Scan on writ"), text);
  }

  @Test
  void a_writ_is_found_by_its_id() {
    assertUses("writ_pkey", WritRows.BY_ID, BUSY);
  }

  @Test
  void a_writ_is_found_by_its_token() {
    assertUses("writ_token", WritRows.BY_TOKEN, TestWrits.hash("x"), 1);
  }

  @Test
  void a_writ_is_found_by_its_access_key() {
    assertUses("writ_access_key", WritRows.BY_ACCESS_KEY, "AK1", 1);
  }

  @Test
  void the_writ_in_force_is_found_among_the_newest() {
    assertUses("writ_agent", WritRows.IN_FORCE, BUSY, NOW, 1_000, NOW, NOW, 1);
  }

  @Test
  void live_writs_are_found_among_the_newest() {
    assertUses("writ_agent", WritRows.LIVE, BUSY, NOW, 1_000, NOW, 100);
  }

  @Test
  void pages_are_read_from_the_newest_on() {
    assertUses("writ_agent", WritRows.FIRST_PAGE, BUSY, 101);
    assertUses("writ_agent", WritRows.NEXT_PAGE, BUSY, NOW, BUSY, 101);
  }
}
