package dev.writ.broker.blame;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.writ.TestWrits;
import dev.writ.policy.Bounds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("alone")
class BlameSpeedTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final Duration MAX = Duration.ofMillis(50);
  private static final int ROUNDS = 21;

  @Test
  void takes_less_than_50_ms_with_a_hundred_thousand_writs() {
    measure(100_000);
  }

  @Test
  @Tag("long")
  void takes_less_than_50_ms_with_a_million_writs() {
    measure(1_000_000);
  }

  /** Half of the writs are one agent's. */
  private static void measure(int count) {
    Database database = DATABASE.database();
    TestWrits writs = new TestWrits(database);
    UUID busy = writs.agent();
    writs.set(busy, "harness = 'h', session = ?", "s-" + count);
    fill(database, busy, count);
    UUID one =
        database.autoCommit(session ->
            session.one(
                "SELECT id FROM writ WHERE access_key_id = ?",
                row -> row.uuid("id"),
                "AK" + count + "-7"));
    Blame blame = new Blame(database, snapshots(database), Clock.systemUTC());
    Instant now = writs.now();
    for (Question question :
        List.of(
            new Question.Jti(one),
            new Question.AccessKey("AK" + count + "-7"),
            new Question.Token(TestWrits.hash(count + "-7")),
            new Question.AgentAt(busy, now),
            new Question.AgentAt(busy, now.minusSeconds(100)),
            new Question.Conversation("h", "s-" + count))) {
      Duration median = median(blame, question);
      assertTrue(median.compareTo(MAX) < 0, () -> question + " took " + median);
    }
  }

  private static Duration median(Blame blame, Question question) {
    List<Duration> taken = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      assertFalse(blame.find(question).isEmpty());
      taken.add(Duration.ofNanos(System.nanoTime() - began));
    }
    Collections.sort(taken);
    return taken.get(ROUNDS / 2);
  }

  private static void fill(Database database, UUID busy, int count) {
    database.autoCommit(
        Duration.ofMinutes(5),
        session -> {
          session.update(
              "INSERT INTO writ SELECT gen_random_uuid(), CASE i % 2 WHEN 0 THEN gen_random_uuid()"
                  + " ELSE ? END, 'aws', 'live', '[]', 'operator@7', 'group:ops', 'user:ada', 1,"
                  + " gen_random_uuid(), clock_timestamp() - i * interval '3 ms', clock_timestamp()"
                  + " - i * interval '3 ms' + interval '5 min', sha256(convert_to(?::text || '-' ||"
                  + " i, 'UTF8')), 'AK' || ?::text || '-' || i, i FROM generate_series(1, ?::int)"
                  + " i",
              busy, String.valueOf(count), String.valueOf(count), count);
          return session.update("ANALYZE writ, agent");
        });
  }

  private static Snapshots snapshots(Database database) {
    KeySchedule.Timing timing = new KeySchedule.Timing(Duration.ofHours(24), Duration.ofHours(1));
    TokenKeys tokenKeys =
        new TokenKeys(KeySlot.TOKEN, TestKeys.sealer(), timing, Duration.ofDays(30));
    TokenKeys stsKeys = new TokenKeys(KeySlot.STS, TestKeys.sealer(), timing, Duration.ofDays(30));
    return new Snapshots(database, tokenKeys, stsKeys, Bounds.DEFAULT, Map.of());
  }
}
