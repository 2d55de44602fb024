package dev.writ.broker.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.client.AgentScript;
import dev.writ.fixtures.s3.RadosGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents whose credentials live for a minute work with git, aws and a service of their own through
 * restarts and outages, and no call of theirs fails.
 */
class SoakTest {
  private static final Duration ROUND = Duration.ofSeconds(60);

  /** writ-agent asks again for 15 s. */
  private static final Duration OUTAGE = Duration.ofSeconds(8);

  /** Calls take longest on a machine that is busy with the programs themselves. */
  private static final Duration PER_CALL_MAX = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void no_call_fails_in_a_minute_with_a_restart_a_crash_and_an_outage() throws Exception {
    soak(1);
  }

  @Test
  @Tag("long")
  void no_call_fails_in_ten_minutes_with_a_restart_a_crash_and_an_outage_in_each()
      throws Exception {
    soak(10);
  }

  private void soak(int rounds) throws Exception {
    Optional<String> missing = RadosGateway.missing();
    missing.ifPresent(what -> System.out.println("Without S3: " + what));
    try (SoakStage stage = new SoakStage(folder, missing.isEmpty())) {
      Path until = folder.resolve("enough");
      Map<String, AgentScript.Running> agents = new LinkedHashMap<>();
      for (String script : scripts(missing.isEmpty())) {
        agents.put(script, stage.start(script, until));
      }
      int met = 0;
      for (int i = 0; i < rounds; i++) {
        met += round(stage) ? 1 : 0;
      }
      Files.createFile(until);

      int tokens = stage.github().tokens().size();
      List<String> failed = new ArrayList<>();
      for (Map.Entry<String, AgentScript.Running> agent : agents.entrySet()) {
        AgentScript.Ended ended = AgentScript.end(agent.getValue());
        assertEquals(0, ended.code(), ended::toString);
        long good = ended.out().lines().filter("ok"::equals).count();
        ended
            .out()
            .lines()
            .filter(line -> line.startsWith("FAILED"))
            .forEach(line -> failed.add(agent.getKey() + " " + line));
        System.out.printf("%s: %d calls%n%s", agent.getKey(), good, ended.err());
        assertTrue(good >= rounds * ROUND.dividedBy(PER_CALL_MAX), agent.getKey() + " " + good);
      }
      assertEquals(List.of(), failed);
      System.out.printf(
          "%d GitHub tokens, %d sessions, STS asked %d times while away%n",
          tokens, stage.store().map(Store::sessions).orElse(0), missed(stage));
      assertTrue(met > rounds / 2, "targets were asked while they were away in " + met + " rounds");
      assertTrue(tokens > rounds, "credentials ended and were had anew");
      assertTrue(stage.github().liveTokens().isEmpty(), "nothing is left at GitHub");
    }
  }

  private static List<String> scripts(boolean withStore) {
    return withStore
        ? List.of("git.sh", "internal.sh", "aws.sh")
        : List.of("git.sh", "internal.sh");
  }

  /** Whether somebody asked a target while it was away. */
  private static boolean round(SoakStage stage) throws InterruptedException, IOException {
    Instant end = Instant.now().plus(ROUND);
    Thread.sleep(ROUND.dividedBy(6));
    stage.restartBroker();
    Thread.sleep(ROUND.dividedBy(15));
    stage.killDatabase();
    Thread.sleep(ROUND.dividedBy(15));
    // Credentials are had anew after half of their life: within 30 s somebody asks.
    stage.targetsAway(true);
    int before = asked(stage);
    Instant latest = end.minus(OUTAGE);
    while (asked(stage) == before && Instant.now().isBefore(latest)) {
      Thread.sleep(100);
    }
    Thread.sleep(OUTAGE);
    boolean met = asked(stage) > before;
    stage.targetsAway(false);
    Thread.sleep(Math.max(0, Duration.between(Instant.now(), end).toMillis()));
    return met;
  }

  private static int asked(SoakStage stage) {
    return stage.github().mints().size() + missed(stage);
  }

  private static int missed(SoakStage stage) {
    return stage.store().map(Store::missed).orElse(0);
  }
}
