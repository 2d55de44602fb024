package dev.writ.broker.crash;

import dev.writ.fixtures.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Exchanges at one node that race with an act at another. Half of the runners exchange without a
 * pause, before, during and after the act; the other half wait for its answer and start that very
 * moment. All have warm connections.
 */
final class Race implements AutoCloseable {
  private static final int SHOTS_AFTER = 2;
  private static final int LEAD_MAX_MILLIS = 10;
  private static final int WARM_ATTEMPTS = 100;
  private static final int WARM_PAUSE_MILLIS = 50;
  private static final long PATIENCE_SECONDS = 60;

  /** Threads of the system: a virtual one would wait for a carrier that the brokers use too. */
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * One exchange.
   *
   * @param started taken before anything was sent; {@link System#nanoTime}
   */
  record Shot(long started, Reply reply) {}

  /**
   * @param answered when the act's answer had arrived
   */
  record Result(long answered, List<Shot> shots) {
    List<Shot> after() {
      return shots.stream().filter(shot -> shot.started - answered > 0).toList();
    }

    long startedWithin(Duration time) {
      return after().stream().filter(shot -> shot.started - answered < time.toNanos()).count();
    }
  }

  /** Runs the act while each of these exchanges again and again. */
  Result run(List<Callable<Reply>> exchanges, Callable<Reply> act) throws Exception {
    CyclicBarrier warm = new CyclicBarrier(exchanges.size() + 1);
    CountDownLatch answer = new CountDownLatch(1);
    List<Future<List<Shot>>> runners = new ArrayList<>();
    for (int i = 0; i < exchanges.size(); i++) {
      Callable<Reply> exchange = exchanges.get(i);
      boolean waits = i % 2 == 1;
      runners.add(threads.submit(() -> runner(exchange, waits, warm, answer)));
    }
    warm.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Thread.sleep(ThreadLocalRandom.current().nextInt(LEAD_MAX_MILLIS));
    act.call().expect(200);
    long answered = System.nanoTime();
    answer.countDown();
    List<Shot> shots = new ArrayList<>();
    for (Future<List<Shot>> runner : runners) {
      shots.addAll(runner.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    return new Result(answered, shots);
  }

  private static List<Shot> runner(
      Callable<Reply> exchange, boolean waits, CyclicBarrier warm, CountDownLatch answer)
      throws Exception {
    List<Shot> shots = new ArrayList<>();
    try {
      shots.add(granted(exchange));
    } catch (AssertionError | Exception failed) {
      warm.reset();
      throw failed;
    }
    warm.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (waits) {
      answer.await();
    }
    while (answer.getCount() > 0) {
      shots.add(shoot(exchange));
    }
    for (int i = 0; i < SHOTS_AFTER; i++) {
      shots.add(shoot(exchange));
    }
    return shots;
  }

  private static Shot shoot(Callable<Reply> exchange) throws Exception {
    long started = System.nanoTime();
    return new Shot(started, exchange.call());
  }

  /**
   * Before the act it is allowed. A node may take a moment to hear of more, and a database may be
   * too slow.
   */
  private static Shot granted(Callable<Reply> exchange) throws Exception {
    Shot shot = shoot(exchange);
    for (int i = 0; shot.reply.status() != 200 && i < WARM_ATTEMPTS; i++) {
      Thread.sleep(WARM_PAUSE_MILLIS);
      shot = shoot(exchange);
    }
    shot.reply.expect(200);
    return shot;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
