package dev.writ.broker.crash;

import static dev.writ.broker.crash.NodeFiles.AUDIENCE;
import static dev.writ.broker.crash.NodeFiles.READ;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.fault.SlowTarget;
import dev.writ.fixtures.http.Reply;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Agents that ask again and again, whatever becomes of the broker, and keep what they are given.
 */
final class Load implements AutoCloseable {
  private static final long PAUSE_AFTER_TROUBLE_MILLIS = 300;

  /** One in so many asks for a token of the broker's own; the others for one of the target's. */
  private static final int INTERNAL_EVERY = 5;

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger number = new AtomicInteger();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private volatile boolean closing;

  Load(List<AgentClient> agents) {
    for (int i = 0; i < agents.size(); i++) {
      AgentClient agent = agents.get(i);
      Via via = i % 2 == 0 ? Via.MTLS : Via.DPOP;
      boolean internal = i % INTERNAL_EVERY == 0;
      threads.add(Thread.ofVirtual().start(() -> run(agent, via, internal)));
    }
  }

  /** Exchanges that were sent and not answered. */
  int open() {
    return open.get();
  }

  /** SHA-256 in hex of every token that a client was given. */
  Set<String> seen() {
    return seen;
  }

  /** How often there was which status, or no answer. */
  Map<String, AtomicInteger> answers() {
    return answers;
  }

  private void run(AgentClient agent, Via via, boolean internal) {
    while (!closing) {
      String answer = exchange(agent, via, internal);
      answers.computeIfAbsent(answer, any -> new AtomicInteger()).incrementAndGet();
      if (!answer.equals("200")) {
        pause();
      }
    }
  }

  private String exchange(AgentClient agent, Via via, boolean internal) {
    open.incrementAndGet();
    try {
      Reply reply = agent.exchange(via, internal ? Ask.internal(AUDIENCE, READ) : remote());
      if (reply.status() == 200) {
        seen.add(SlowTarget.sha256(reply.text("access_token")));
      }
      return Integer.toString(reply.status());
    } catch (UncheckedIOException lost) {
      return "none";
    } finally {
      open.decrementAndGet();
    }
  }

  /** Each for another repository, so that none is handed an earlier credential again. */
  private Ask remote() {
    return Ask.github("acme/r" + number.incrementAndGet(), Map.of("contents", "read"));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_TROUBLE_MILLIS);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets every exchange that is open come to its end. */
  @Override
  public void close() {
    closing = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
