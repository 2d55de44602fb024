package dev.writ.keycloak;

import static dev.writ.fixtures.time.Waiting.sleep;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.keycloak.BrokerNodes.Node;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Policies that an administrator changes again and again while agents, one at each node, ask
 * without a pause for what only the wide ones grant.
 */
final class ChangedPolicies implements AutoCloseable {
  private static final Ask STAGING = Ask.internal("https://deploy.internal", "deploy:staging");
  private static final Duration PAUSE = Duration.ofMillis(40);

  /** What is promised. */
  static final Duration WITHIN = Duration.ofSeconds(2);

  /** From one change of a policy to the next, at least: a while to see the promise kept. */
  private static final Duration BETWEEN = WITHIN.plusMillis(500);

  /** On a machine that does other things, too, a while is longer. */
  private static final Duration BETWEEN_MAX = Duration.ofSeconds(20);

  /** So many exchanges at a node say something. */
  private static final int ENOUGH = 3;

  private static final String ISSUED = "issued";
  private static final String NARROWED = "invalid_scope";
  private static final String GONE = "access_denied";

  private final WritApi api;
  private final List<Changed> policies;
  private final List<Thread> agents = new ArrayList<>();
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<URI> nodes;

  private record Asked(String policy, URI node, long began, long ended, String outcome) {}

  /** From the answer to a change until the next one begins, in nanoseconds. */
  private record Period(String policy, String change, long from, long until, String outcome) {}

  private static final class Changed {
    private final String name;
    private final List<String> order;
    private final List<Period> periods = new ArrayList<>();
    private int version = 1;

    Changed(String name, List<String> order) {
      this.name = name;
      this.order = order;
    }
  }

  /** Saves them, wide, and brings up the agents. */
  ChangedPolicies(WritApi api, String prefix, int count, String launcher, Node... nodes) {
    this.api = api;
    this.nodes = List.of(nodes).stream().map(Node::url).toList();
    this.policies = IntStream.range(0, count).mapToObj(i -> changed(prefix + "-" + i, i)).toList();
    for (Changed policy : policies) {
      for (Node node : nodes) {
        AgentClient agent = agent(node, launcher, policy.name);
        agents.add(Thread.ofVirtual().start(() -> ask(policy.name, node.url(), agent)));
      }
    }
  }

  private Changed changed(String name, int number) {
    api.save(name, 0, "", wide(name)).expect(201);
    List<String> first = List.of("narrow", "widen");
    List<String> second = List.of("delete", "restore");
    List<String> order = new ArrayList<>(number % 2 == 0 ? first : second);
    order.addAll(number % 2 == 0 ? second : first);
    return new Changed(name, order);
  }

  /** The node may not have heard of the policy yet. */
  private static AgentClient agent(Node node, String launcher, String policy) {
    for (int i = 0; true; i++) {
      try {
        return node.agent(launcher, policy, "user:ada");
      } catch (AssertionError notYet) {
        if (i == 30) {
          throw notYet;
        }
        sleep(Duration.ofMillis(100));
      }
    }
  }

  static String wide(String name) {
    return """
    name: %s
    lifetime: { agent: 4h, credential: 30m }
    launch: [ "keycloak/user:ada", "keycloak/user:grace", "keycloak/user:mallory" ]
    owners: [ "user:ada", "user:grace", "group:platform", "group:turns" ]
    grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] } } ]
    """
        .formatted(name);
  }

  private static String narrow(String name) {
    return wide(name).replace(", \"deploy:staging\"", "");
  }

  private void ask(String policy, URI node, AgentClient agent) {
    try (agent) {
      while (!over.get()) {
        long began = System.nanoTime();
        Reply reply = agent.exchange(Via.MTLS, STAGING);
        String outcome = reply.status() == 200 ? ISSUED : reply.error();
        asked.add(new Asked(policy, node, began, System.nanoTime(), outcome));
        sleep(PAUSE);
      }
    }
  }

  /** Changes each policy so often, and waits after each round. */
  void change(int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (Changed policy : policies) {
        change(policy, policy.order.get(round % policy.order.size()));
      }
      sleep(BETWEEN);
      awaitEnough();
    }
    long now = System.nanoTime();
    policies.forEach(policy -> end(policy, now));
  }

  /** Until each policy was asked for at each node late enough after its change. */
  private void awaitEnough() {
    long end = System.nanoTime() + BETWEEN_MAX.toNanos();
    while (System.nanoTime() < end
        && !policies.stream().allMatch(policy -> isEnough(policy.periods.getLast()))) {
      sleep(PAUSE);
    }
  }

  private boolean isEnough(Period period) {
    return nodes.stream()
        .allMatch(node ->
            during(period, node).stream().filter(one -> isLate(one, period)).count() >= ENOUGH);
  }

  private List<Asked> during(Period period, URI node) {
    return asked.stream()
        .filter(one -> one.policy().equals(period.policy()) && one.node().equals(node))
        .filter(one -> one.began() >= period.from() && one.ended() <= period.until())
        .toList();
  }

  /** Whether it began so late after the change that it has to obey it. */
  private static boolean isLate(Asked one, Period period) {
    return one.began() - period.from() > WITHIN.toNanos();
  }

  private void change(Changed policy, String change) {
    end(policy, System.nanoTime());
    String name = policy.name;
    int version = policy.version++;
    String outcome =
        switch (change) {
          case "narrow" -> {
            api.save(name, version, change, narrow(name)).expect(200);
            yield NARROWED;
          }
          case "widen" -> {
            api.save(name, version, change, wide(name)).expect(200);
            yield ISSUED;
          }
          case "delete" -> {
            api.delete(name, version).expect(204);
            yield GONE;
          }
          default -> {
            Reply restored = api.restore(name, 1, version);
            assertTrue(restored.status() == 200 || restored.status() == 201, restored::toString);
            yield ISSUED;
          }
        };
    policy.periods.add(new Period(name, change, System.nanoTime(), Long.MAX_VALUE, outcome));
  }

  private static void end(Changed policy, long at) {
    if (!policy.periods.isEmpty()) {
      Period last = policy.periods.removeLast();
      policy.periods.add(new Period(last.policy(), last.change(), last.from(), at, last.outcome()));
    }
  }

  /** What began two seconds after a change has to obey it; prints how late the last one did. */
  void obeyed(String how) {
    long worst = 0;
    int changes = 0;
    for (Changed policy : policies) {
      for (Period period : policy.periods) {
        changes++;
        for (URI node : nodes) {
          worst = Math.max(worst, judged(period, node));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d changes %s: obeyed after %.2f s at the latest, by %d exchanges at %d nodes%n",
        changes,
        how,
        worst / 1e9,
        asked.size(),
        nodes.size());
  }

  /** Nanoseconds from the change to the begin of the last exchange that did not obey it. */
  private long judged(Period period, URI node) {
    List<Asked> exchanges = during(period, node);
    long late = exchanges.stream().filter(one -> isLate(one, period)).count();
    assertTrue(late >= ENOUGH, period + " at " + node + ": too few exchanges to say something");
    long latest = 0;
    for (Asked one : exchanges) {
      long after = one.began() - period.from();
      if (!one.outcome().equals(period.outcome())) {
        assertFalse(
            isLate(one, period),
            () ->
                "%s: %s, %d ms after %s".formatted(node, one.outcome(), after / 1_000_000, period));
        latest = Math.max(latest, after);
      }
    }
    return latest;
  }

  @Override
  public void close() throws InterruptedException {
    over.set(true);
    for (Thread agent : agents) {
      agent.join();
    }
  }
}
