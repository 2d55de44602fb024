package dev.writ.broker.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.writ.TestWrits;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LaunchKeysTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @Test
  void keys_are_forgotten_after_a_day_and_not_before() {
    TestWrits writs = new TestWrits(DATABASE.database());
    Instant now = writs.now();
    keep("yesterday's", writs.agent(), now.minusSeconds(24 * 3600 + 1));
    keep("today's", writs.agent(), now.minusSeconds(24 * 3600 - 60));

    assertEquals(1, LaunchKeys.forget(DATABASE.database()));

    List<String> left =
        DATABASE
            .database()
            .autoCommit(
                session -> session.list("SELECT key FROM launch_key", row -> row.string("key")));
    assertEquals(List.of("today's"), left);
  }

  private static void keep(String key, UUID agent, Instant at) {
    DATABASE
        .database()
        .autoCommit(session ->
            session.update(
                "INSERT INTO launch_key VALUES ('operator', ?, ?, ?, ?)",
                key,
                new byte[32],
                agent,
                at));
  }
}
