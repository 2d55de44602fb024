package dev.writ.broker.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The credentials of remote targets that this node may hand out again: to the same agent and
 * enrolment, for the same grant and the same wish of life, while at least half of that life is
 * left. Who asks for one that is being minted waits for it. Losing the wallet costs a mint.
 */
final class Wallet {
  private static final int KEPT_MAX = 10_000;

  /** A little more than a target may take. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(15);

  private final Clock clock;
  private final Cache<Key, Kept> kept;
  private final ConcurrentMap<Key, CompletableFuture<Void>> minting = new ConcurrentHashMap<>();

  Wallet(Clock clock) {
    this.clock = clock;
    this.kept =
        Caffeine.newBuilder()
            .maximumSize(KEPT_MAX)
            .expireAfter(
                Expiry.<Key, Kept>creating(
                    (key, one) -> positive(Duration.between(clock.instant(), one.reusableUntil()))))
            .build();
  }

  private record Key(
      UUID agent, int enrolment, dev.writ.policy.Grant grant, Duration life, String minter) {}

  /** What there is for a grant. */
  sealed interface Found {}

  /**
   * A credential that is live as far as this node knows.
   *
   * @param writ under which it was minted
   */
  record Kept(UUID writ, Minted.Issued issued, Instant reusableUntil) implements Found {
    @Override
    public String toString() {
      return "Kept[" + writ + "]";
    }
  }

  /** Somebody is minting it and takes too long. */
  record Slow() implements Found {}

  /** Nothing: the holder of the turn mints, all others wait until it is closed. */
  final class Turn implements Found, AutoCloseable {
    private final Key key;
    private final CompletableFuture<Void> result;

    private Turn(Key key, CompletableFuture<Void> result) {
      this.key = key;
      this.result = result;
    }

    /** Keeps what was minted and put on record. */
    void keep(UUID writ, Minted.Issued issued) {
      Instant now = clock.instant();
      Duration half = Duration.between(now, issued.expiresAt()).dividedBy(2);
      Kept one = new Kept(writ, issued, now.plus(half));
      kept.put(key, one);
    }

    @Override
    public void close() {
      minting.remove(key, result);
      result.complete(null);
    }
  }

  /** Finds what may be handed out for the grant, or gives the turn to mint it. */
  Found take(Grant grant, Minter minter) {
    Key key =
        new Key(
            grant.agent().id(),
            grant.agent().record().enrolment().map(one -> one.number()).orElse(0),
            grant.allowed(),
            grant.life(),
            minter.name());
    Instant deadline = clock.instant().plus(WAIT_MAX);
    while (true) {
      Kept one = kept.getIfPresent(key);
      if (one != null && clock.instant().isBefore(one.reusableUntil())) {
        return one;
      }
      CompletableFuture<Void> mine = new CompletableFuture<>();
      CompletableFuture<Void> theirs = minting.putIfAbsent(key, mine);
      if (theirs == null) {
        Turn turn = new Turn(key, mine);
        Kept meanwhile = kept.getIfPresent(key);
        if (meanwhile == null) {
          return turn;
        }
        turn.close();
      } else if (!await(theirs, deadline)) {
        return new Slow();
      }
    }
  }

  /** Forgets a credential that the ledger no longer lets out. */
  void drop(Kept one) {
    kept.asMap().values().remove(one);
  }

  private boolean await(CompletableFuture<Void> theirs, Instant deadline) {
    try {
      long left = Duration.between(clock.instant(), deadline).toMillis();
      theirs.get(Math.max(0, left), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException slow) {
      return false;
    }
  }

  private static Duration positive(Duration life) {
    return life.isNegative() ? Duration.ZERO : life;
  }
}
