package dev.writ.vault;

import io.github.jopenlibs.vault.VaultException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's token: got when it is first needed, prolonged when two thirds of its life are over,
 * got anew when it can be prolonged no more or Vault does not know it any more. Losing it costs one
 * login.
 */
final class Session implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final Duration RETRY_MIN = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);
  private static final Duration GOODBYE_MAX = Duration.ofSeconds(1);

  private final Logins logins;
  private final Duration timeout;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Token token;
  private @Nullable Thread renewal;
  private volatile boolean closed;

  Session(Logins logins, Duration timeout, InstantSource clock) {
    this.logins = logins;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** The token at hand, or one got now. */
  Answer<Token> token(Deadline deadline) {
    lock.lock();
    try {
      Token ready = token;
      if (ready != null && !ready.isOver(clock.instant())) {
        return new Answer.Got<>(ready);
      }
      return keep(logins.login(clock.instant(), deadline));
    } finally {
      lock.unlock();
    }
  }

  /** Vault did not take it: the next one is got anew. */
  void drop(Token refused) {
    lock.lock();
    try {
      if (refused.equals(token)) {
        token = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private Answer<Token> keep(Answer<Token> answer) {
    if (answer instanceof Answer.Got<Token>(Token got)) {
      token = got;
      changed.signalAll();
      if (renewal == null && !closed) {
        renewal = Thread.ofVirtual().name("vault-token").start(this::renewAgainAndAgain);
      }
    }
    return answer;
  }

  private void renewAgainAndAgain() {
    Duration retry = RETRY_MIN;
    try {
      while (!closed) {
        Token due = awaitDue();
        boolean renewed = renew(due);
        retry = renewed ? RETRY_MIN : min(retry.multipliedBy(2), RETRY_MAX);
        if (!renewed) {
          Thread.sleep(retry);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until there is a token of which two thirds are over. */
  private Token awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        Token now = token;
        if (now == null || now.renewAt().isEmpty()) {
          changed.await();
          continue;
        }
        Duration left = Duration.between(clock.instant(), now.renewAt().get());
        if (left.isNegative() || left.isZero()) {
          return now;
        }
        changed.awaitNanos(left.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** By Vault's leave, or by another login where it gives less than half of the life before. */
  private boolean renew(Token due) {
    Answer<Token> answer = new Answer.Failed<>(Trouble.UNSUITABLE, "");
    if (due.renewable()) {
      answer = logins.renew(due, clock.instant(), Deadline.in(timeout));
    }
    boolean enough =
        answer instanceof Answer.Got<Token>(Token longer)
            && longer.lease().compareTo(due.lease().dividedBy(2)) >= 0;
    lock.lock();
    try {
      if (!due.equals(token)) {
        return true; // somebody else got another one meanwhile
      }
      if (!enough) {
        answer = logins.login(clock.instant(), Deadline.in(timeout));
      }
      keep(answer);
    } catch (RuntimeException noSecret) {
      log.warn("The token for Vault cannot be renewed: {}", noSecret.getMessage());
      return false;
    } finally {
      lock.unlock();
    }
    if (answer instanceof Answer.Failed<Token>(Trouble trouble, String said)) {
      log.warn(
          "The token for Vault is not renewed: {} ({}). {}",
          trouble.found(),
          said,
          trouble.remedy());
      return false;
    }
    return true;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  @Override
  public void close() {
    Token last;
    lock.lock();
    try {
      closed = true;
      last = token;
      token = null;
      if (renewal != null) {
        renewal.interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (last != null) {
      try {
        logins.revoke(last, Deadline.in(GOODBYE_MAX));
      } catch (VaultException | RuntimeException away) {
        log.info("The token for Vault was not given back; it ends by itself");
      }
    }
  }
}
