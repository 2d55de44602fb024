package dev.writ.broker.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.broker.store.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WritResultsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private final TestWrits writs = new TestWrits(DATABASE.database());
  private final WritResults results = new WritResults(DATABASE.database(), writs.revocations());

  @Test
  void tells_of_every_writ_of_the_killed_that_is_not_past_its_end_newest_first() {
    Instant now = writs.now().truncatedTo(ChronoUnit.MICROS);
    UUID parent = writs.agent();
    UUID child = writs.agent(parent);
    UUID live = writs.writ(parent, "internal", "live", now.minusSeconds(3), now.plusSeconds(300));
    UUID open = writs.writ(child, "github", "open", now.minusSeconds(2), now.plusSeconds(300));
    writs.writ(parent, "internal", "live", now.minusSeconds(300), now);
    writs.writ(parent, "internal", "ended", now, now.plusSeconds(300));
    writs.writ(parent, "github", "refused", now, now.plusSeconds(300));
    writs.writ(writs.agent(), "internal", "live", now, now.plusSeconds(300));
    writs.kill(parent);
    writs.kill(child);
    assertEquals(
        List.of(
            Map.of(
                "writ",
                open.toString(),
                "result",
                "unknown",
                "why",
                "the target is being asked; what it answers is withheld and revoked"),
            Map.of(
                "writ",
                live.toString(),
                "result",
                "dies_at",
                "dies_at",
                now.plusSeconds(300).toString(),
                "why",
                "internal tokens end at their exp; introspection says inactive at once")),
        results.results(List.of(parent, child)));
  }

  @Test
  void tells_of_the_thousand_newest_only() {
    UUID agent = writs.agent();
    DATABASE
        .database()
        .autoCommit(session ->
            session.update(
                "INSERT INTO writ SELECT gen_random_uuid(), ?, 'internal', 'live', '[]', 'operator@7', 'group:ops',"
                    + " 'user:ada', 1, gen_random_uuid(), now() - i * interval '1 ms', now() + interval '1 hour'"
                    + ", NULL, NULL, 1 FROM generate_series(1, 1001) i",
                agent));
    UUID newest = writs.writ(agent);
    List<Map<String, Object>> found = results.results(List.of(agent));
    assertEquals(WritResults.RESULTS_MAX, found.size());
    assertEquals(newest.toString(), found.getFirst().get("writ"));
  }

  @Test
  void of_nobody_there_is_nothing_to_tell() {
    assertEquals(List.of(), results.results(List.of()));
  }
}
