package dev.writ.broker.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.ledger.Row;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.ledger.Verdict;
import dev.writ.broker.token.Masked;
import dev.writ.document.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Records refusals of authenticated agents: a row each for the first {@link #ROWS_PER_SECOND} of an
 * agent in a second, then one row that counts the rest. An agent that runs wild fills neither the
 * disk nor the writer's queue.
 */
public final class Refusals {
  static final int ROWS_PER_SECOND = 10;

  /** Characters of a row's body beyond which the details of a denial are left out. */
  private static final int BODY_MAX = 8 * 1024;

  private static final int AGENTS_MAX = 100_000;

  private final LedgerWriter ledger;

  /** Refusals of an agent since the last {@link #flush}. */
  private final Cache<UUID, AtomicInteger> counts =
      Caffeine.newBuilder()
          .maximumSize(AGENTS_MAX)
          .expireAfterWrite(Duration.ofSeconds(10))
          .build();

  public Refusals(LedgerWriter ledger) {
    this.ledger = ledger;
  }

  /** Whether the refusal may be told: not if the DPoP proof that it came with was used before. */
  enum Told {
    TELL,
    REPLAYED
  }

  /**
   * Records that an agent was refused something.
   *
   * @param reason members of the row's body
   */
  Told record(UUID agent, Row.Proof proof, Map<String, Object> reason) {
    AtomicInteger count = counts.get(agent, id -> new AtomicInteger());
    if (count.incrementAndGet() > ROWS_PER_SECOND) {
      return Told.TELL;
    }
    Row row =
        new Row(
            Row.Kind.REFUSE, Uuids.next(), agent, null, body(reason), Row.Basis.NONE, proof, null);
    return ledger.append(row) instanceof Verdict.Replayed ? Told.REPLAYED : Told.TELL;
  }

  /** Writes down what was only counted; called once a second. */
  public void flush() {
    for (UUID agent : List.copyOf(counts.asMap().keySet())) {
      AtomicInteger count = counts.asMap().remove(agent);
      int uncounted = count == null ? 0 : count.get() - ROWS_PER_SECOND;
      if (uncounted > 0) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("kind", "refuse");
        body.put("agent", agent.toString());
        body.put("more", uncounted);
        byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
        ledger.append(
            new Row(Row.Kind.REFUSE, Uuids.next(), agent, null, bytes, Row.Basis.NONE, null, null));
      }
    }
  }

  private static byte[] body(Map<String, Object> reason) {
    String text = Json.write(reason);
    if (text.length() > BODY_MAX) {
      Map<String, Object> shorter = new LinkedHashMap<>(reason);
      shorter.remove("denial");
      shorter.put("denial_cut", true);
      text = Json.write(shorter);
    }
    return Masked.of(text).getBytes(StandardCharsets.UTF_8);
  }
}
