package dev.writ.broker.writ;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Intent;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.policy.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A target that ends credentials as the test says, and remembers which it was asked to end. */
final class ScriptedMinter implements Minter {
  final List<String> asked = new CopyOnWriteArrayList<>();
  private final Queue<Ending> answers = new ConcurrentLinkedQueue<>();
  private volatile Duration delay = Duration.ZERO;

  /** The answers to come; after them 204. */
  ScriptedMinter answers(Ending... endings) {
    answers.addAll(List.of(endings));
    return this;
  }

  ScriptedMinter slow(Duration delay) {
    this.delay = delay;
    return this;
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public boolean serves(Grant grant) {
    return false;
  }

  @Override
  public Duration lifeMin(Grant grant) {
    return Duration.ofSeconds(1);
  }

  @Override
  public Minted mint(Intent intent) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Ending revoke(Held held) {
    asked.add(held.secret());
    try {
      Thread.sleep(delay);
    } catch (InterruptedException stopped) {
      return new Ending.Unknown("stopped");
    }
    Ending next = answers.poll();
    return next == null ? new Ending.Revoked("204") : next;
  }
}
