package dev.writ.broker.crash;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.fault.SlowTarget.Minted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the broker and of the database, each in the middle of many exchanges: whatever exists
 * is on record.
 */
@Tag("alone")
class CrashTest {
  private static final int AGENTS = 30;
  private static final int OPEN_MIN = 20;

  /** One part in so many of the open exchanges is between open and close. */
  private static final int BETWEEN_PART = 5;

  private static final Duration LOAD_WITHIN = Duration.ofSeconds(60);

  /** The lease of a dead node, the turn of the living one, and some. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(40);

  @TempDir private Path folder;

  /** Intents that a killed broker left. Nobody but an orphan's row can end those. */
  private final Set<UUID> abandoned = new HashSet<>();

  /** Intents that were open before the broker issued again: those of earlier kills. */
  private final Set<UUID> earlier = new HashSet<>();

  private int kills;
  private int openAtKills;
  private int betweenAtKills;

  @Test
  void whatever_exists_after_10_kills_is_on_record() throws Exception {
    survives(10);
  }

  @Test
  @Tag("long")
  void whatever_exists_after_200_kills_is_on_record() throws Exception {
    survives(200);
  }

  private void survives(int wanted) throws Exception {
    try (CrashStage stage = new CrashStage(folder)) {
      Books books = new Books(stage.database());
      Load load = new Load(stage.agents(AGENTS));
      try (load) {
        for (int attempt = 0; kills < wanted && attempt < 3 * wanted; attempt++) {
          int seen = load.seen().size();
          eventually("exchanges go on", LOAD_WITHIN, () -> load.seen().size() > seen);
          earlier.addAll(books.open());
          if (kills % 2 == 0) {
            killBroker(stage, books, load);
          } else {
            killPostgres(stage, books, load);
          }
        }
      }
      assertEquals(wanted, kills, "kills in the middle of enough exchanges");
      settle(books);
      judge(stage, books, load);
    }
  }

  private void killBroker(CrashStage stage, Books books, Load load) {
    awaitOpen(books, load);
    int open = load.open();
    stage.killBroker();
    Set<UUID> left = minus(books.open(), earlier);
    count(open, left.size());
    abandoned.addAll(left);
    stage.restartBroker();
  }

  private void killPostgres(CrashStage stage, Books books, Load load) {
    int between = awaitOpen(books, load);
    int open = load.open();
    stage.killPostgres();
    count(open, between);
  }

  /** How many exchanges are between open and close, once it is enough of enough. */
  private int awaitOpen(Books books, Load load) {
    int[] between = new int[1];
    eventually(
        "enough exchanges are open",
        LOAD_WITHIN,
        () -> {
          between[0] = minus(books.open(), earlier).size();
          return enough(load.open(), between[0]);
        });
    return between[0];
  }

  private void count(int open, int between) {
    if (enough(open, between)) {
      kills++;
      openAtKills += open;
      betweenAtKills += between;
    }
  }

  private static boolean enough(int open, int between) {
    return open >= OPEN_MIN && between * BETWEEN_PART >= open;
  }

  private static void settle(Books books) {
    long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (!books.open().isEmpty() && System.nanoTime() - end < 0) {
      Books.pause();
    }
    assertEquals(Set.of(), books.open(), "intents that nobody settled");
  }

  private void judge(CrashStage stage, Books books, Load load) {
    List<Minted> minted = stage.minted();
    Set<String> tokens = books.tokens();
    Set<UUID> settled = books.settled();
    System.out.printf(
        "%d kills (half of the broker, half of the database) fell on %d open exchanges, %d of them between open and close; %d intents were left by killed brokers; answers %s; clients saw %d tokens, the target minted %d%n",
        kills,
        openAtKills,
        betweenAtKills,
        abandoned.size(),
        load.answers(),
        load.seen().size(),
        minted.size());

    assertTrue(betweenAtKills * BETWEEN_PART >= openAtKills);
    assertEquals(Set.of(), minus(load.seen(), tokens), "clients saw, and no live writ has");
    assertEquals(
        Set.of(),
        minus(
            minted.stream().map(one -> UUID.fromString(one.intent())).collect(Collectors.toSet()),
            books.intended()),
        "the target minted, and the ledger has no intent for");
    assertEquals(
        List.of(),
        minted.stream()
            .filter(one -> !tokens.contains(one.sha256()))
            .filter(one -> !settled.contains(UUID.fromString(one.intent())))
            .toList(),
        "minted, neither on record by its hash nor settled as unknown or ended");
    // A close that had reached the database when the broker died may still have gone in.
    assertEquals(
        Set.of(),
        minus(minus(abandoned, books.closed()), books.orphaned()),
        "left open by a killed broker, and no orphan's row");
    assertEquals(List.of(), books.breaks(), "the chain of the ledger");
  }

  private static <T> Set<T> minus(Set<T> all, Set<T> known) {
    Set<T> left = new HashSet<>(all);
    left.removeAll(known);
    return left;
  }
}
