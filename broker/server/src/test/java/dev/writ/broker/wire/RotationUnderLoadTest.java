package dev.writ.broker.wire;

import static dev.writ.broker.wire.Deployer.READ;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.time.Waiting;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each key is replaced while two nodes issue as fast as they can. Time is scaled: a verifier that
 * keeps the JWKS for an hour, where a key is published a day before it signs, keeps it here for two
 * seconds, where a key is published four seconds before.
 */
@Tag("alone")
@SuppressWarnings("NullAway.Init") // before the first test
class RotationUnderLoadTest {
  private static final Duration KEPT = Duration.ofSeconds(2);
  private static final Duration AFTERWARDS = Duration.ofMillis(2_500);
  private static final int RUNNERS = 3;
  private static final Duration GITHUB_EVERY = Duration.ofMillis(100);

  private static final TurnedApp APP = new TurnedApp();

  @RegisterExtension
  static final TestBroker BROKER =
      APP.at(Deployer.broker().variable("WRIT_KEYS_PUBLISH_AHEAD", "4s"));

  private static final OperatedKeys KEYS = new OperatedKeys(BROKER::operator);
  private static URI second;

  @BeforeAll
  static void secondNode() throws IOException {
    second = BROKER.secondNode();
  }

  @AfterAll
  static void stop() {
    APP.close();
  }

  @Test
  void no_request_fails_and_no_token_is_unknown_to_a_verifier_that_looks_seldom() throws Exception {
    rotations(1);
  }

  @Test
  @Tag("long")
  void nor_in_many_rotations() throws Exception {
    rotations(20);
  }

  private static void rotations(int rounds) throws Exception {
    try (Load load = new Load()) {
      for (int round = 0; round < rounds; round++) {
        for (String slot :
            List.of("token", "root", "sts", "envelope", "checkpoint", "operator-token")) {
          int before = load.verified.get();
          rotate(slot);
          Thread.sleep(AFTERWARDS.toMillis());
          assertTrue(load.verified.get() > before, "nothing was issued meanwhile");
          load.assertUnharmed(slot);
        }
        for (String slot : KEYS.intermediates()) {
          KEYS.rotate(slot).expect(200);
        }
        Thread.sleep(AFTERWARDS.toMillis());
        load.assertUnharmed("intermediates");
        int before = load.atGitHub.get();
        Runnable delete = APP.turn(KEYS, BROKER.ownersFile().resolveSibling(""));
        Thread.sleep(AFTERWARDS.toMillis());
        delete.run();
        Thread.sleep(AFTERWARDS.toMillis());
        assertTrue(load.atGitHub.get() > before, "nothing was issued for GitHub meanwhile");
        load.assertUnharmed("the App's key");
      }
      System.out.printf(
          "%d rounds: %d tokens issued and verified twice, %d for GitHub, none refused or unknown; keys seen: %d%n",
          rounds, load.verified.get(), load.atGitHub.get(), load.kids.stream().distinct().count());
    }
  }

  /** By order, and then by waiting until it has come about. */
  private static void rotate(String slot) {
    Reply reply = KEYS.rotate(slot);
    assertTrue(reply.status() == 200 || reply.status() == 202, () -> slot + ": " + reply);
    if (reply.status() == 202) {
      Duration patience = Duration.between(Instant.now(), Instant.parse(reply.text("at")));
      eventually(
          slot + " is replaced",
          patience.plusSeconds(10),
          () -> KEYS.current(slot).equals(reply.text("version")));
    }
  }

  /** Agents at both nodes, and two verifiers of all that they get. */
  private static final class Load implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger verified = new AtomicInteger();
    private final AtomicInteger atGitHub = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> kids = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final java.util.concurrent.ExecutorService threads =
        Executors.newVirtualThreadPerTaskExecutor();

    Load() {
      for (int runner = 0; runner < RUNNERS; runner++) {
        for (URI node : List.of(BROKER.url(), second)) {
          AgentClient agent = BROKER.agent("deployer");
          running.add(threads.submit(() -> run(agent, node)));
        }
      }
      for (URI node : List.of(BROKER.url(), second)) {
        AgentClient agent = BROKER.agent("fixer");
        running.add(threads.submit(() -> runAtGitHub(agent, node)));
      }
    }

    private void runAtGitHub(AgentClient agent, URI node) {
      KeptBundle bundle = new KeptBundle();
      while (!over.get()) {
        try (AgentClient there = agent.copyAt(node, bundle.get())) {
          Optional<String> trouble = APP.trouble(there);
          trouble.ifPresent(failures::add);
          atGitHub.incrementAndGet();
          Waiting.sleep(GITHUB_EVERY);
        } catch (RuntimeException failed) {
          failures.add(failed.toString());
        }
      }
    }

    /** New connections by and by: what a server shows matters only then. */
    private void run(AgentClient agent, URI node) {
      KeptBundle bundle = new KeptBundle();
      SeldomLooking seldom = new SeldomLooking(node, bundle);
      SeldomLooking fresh = new SeldomLooking(node, bundle);
      while (!over.get()) {
        try (AgentClient there = agent.copyAt(node, bundle.get())) {
          for (int i = 0; i < 20 && !over.get(); i++) {
            Reply reply = there.exchange(Via.MTLS, READ);
            if (reply.status() != 200) {
              failures.add(reply.toString());
            } else {
              String token = reply.text("access_token");
              kids.add(kid(token));
              check("one that looks seldom", seldom.knows(token, KEPT));
              check("one that looks each time", fresh.knows(token, Duration.ZERO));
              verified.incrementAndGet();
            }
          }
        } catch (RuntimeException | JOSEException | ParseException failed) {
          failures.add(failed.toString());
        }
      }
    }

    private void check(String who, boolean known) {
      if (!known) {
        failures.add("a token is not known to " + who);
      }
    }

    private static String kid(String token) throws ParseException {
      return JWSObject.parse(token).getHeader().getKeyID();
    }

    void assertUnharmed(String slot) {
      assertEquals(List.of(), List.copyOf(failures), () -> "after rotating " + slot);
    }

    @Override
    public void close() throws Exception {
      over.set(true);
      for (Future<?> one : running) {
        one.get();
      }
      threads.close();
    }
  }

  /** What a client trusts the nodes by, until its next renewal an hour later brings it anew. */
  private static final class KeptBundle {
    private String pem = "";
    private Instant brought = Instant.MIN;

    String get() {
      Instant now = Instant.now();
      if (brought.equals(Instant.MIN) || !now.isBefore(brought.plus(KEPT))) {
        pem = BROKER.bundle();
        brought = now;
      }
      return pem;
    }
  }

  /** A verifier that does not look again at an unknown key before its time. */
  private static final class SeldomLooking {
    private final URI node;
    private final KeptBundle bundle;
    private JWKSet keys = new JWKSet();
    private Instant looked = Instant.MIN;

    SeldomLooking(URI node, KeptBundle bundle) {
      this.node = node;
      this.bundle = bundle;
    }

    boolean knows(String token, Duration kept) throws JOSEException, ParseException {
      Instant now = Instant.now();
      if (looked.equals(Instant.MIN) || !now.isBefore(looked.plus(kept))) {
        try (Http http = Http.trusting(bundle.get())) {
          keys = JWKSet.parse(http.get(node.resolve("/jwks")).expect(200).body());
          looked = now;
        }
      }
      JWSObject jws = JWSObject.parse(token);
      var key = keys.getKeyByKeyId(jws.getHeader().getKeyID());
      return key != null && jws.verify(new ECDSAVerifier(key.toECKey()));
    }
  }
}
