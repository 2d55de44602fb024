package dev.writ.broker.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What became of many {@link Race}s with acts of one kind. */
final class Tally {
  private static final Duration EARLY = Duration.ofMillis(5);

  private final String act;
  private final Predicate<Reply> refusal;
  private int acts;
  private int exchanges;
  private int issued;
  private int after;
  private int early;
  private int unavailable;

  /**
   * @param act in words
   * @param refusal whether an answer is the refusal that the act leads to
   */
  Tally(String act, Predicate<Reply> refusal) {
    this.act = act;
    this.refusal = refusal;
  }

  /** Counts, and fails if one exchange after the act's answer was not refused for the act. */
  void add(Race.Result result) {
    acts++;
    exchanges += result.shots().size();
    issued += (int) result.shots().stream().filter(shot -> shot.reply().status() == 200).count();
    early += (int) result.startedWithin(EARLY);
    List<Reply> afterwards = result.after().stream().map(Race.Shot::reply).toList();
    after += afterwards.size();
    unavailable += (int) afterwards.stream().filter(reply -> reply.status() == 503).count();
    List<Reply> wrong =
        afterwards.stream().filter(reply -> reply.status() != 503 && !refusal.test(reply)).toList();
    assertEquals(List.of(), wrong, act + ": exchanges that began after its answer");
  }

  /** Whether so many exchanges raced, so many of them from less than 5 ms after an answer on. */
  boolean has(int wanted, int wantedEarly) {
    return exchanges >= wanted && early >= wantedEarly;
  }

  /** Prints the counts. A database too slow to refuse in words is no excuse for all of them. */
  void close() {
    System.out.println(this);
    assertTrue(unavailable * 10 <= after, this::toString);
  }

  @Override
  public String toString() {
    return "%s: %d times; %d exchanges raced at the other node, %d of them issued; %d began after an answer, %d of these within %d ms; %d of these were 503, the others refused by name"
        .formatted(act, acts, exchanges, issued, after, early, EARLY.toMillis(), unavailable);
  }
}
