package dev.writ.broker.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.client.AgentScript.Ended;
import dev.writ.broker.client.AgentScript.Running;
import dev.writ.fixtures.fault.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Identities outlive lost answers, crashes, restarts and each other. */
@Timeout(300)
class RenewTest {
  private static final String[] READ = {
    "token", "--audience", "https://deploy.internal", "--scope", "deploy:read"
  };

  @RegisterExtension static final LocalBroker BROKER = new LocalBroker();

  @TempDir Path folder;
  private AgentScript agent;

  @BeforeEach
  void enrol() {
    agent = AgentScript.under(Sh.DASH, folder, BROKER);
    BROKER.enrol(agent);
  }

  private int generation() {
    return Integer.parseInt(AgentScript.read(agent.state("current")).split(" ")[0]);
  }

  private static void done(Ended ended) {
    assertEquals(0, ended.code(), ended::toString);
  }

  @Test
  void each_renewal_has_a_new_key_and_the_one_before_is_kept_for_who_is_using_it() {
    String first = AgentScript.read(agent.state("identity.pem"));

    done(agent.run("renew"));
    String second = AgentScript.read(agent.state("identity.pem"));
    assertNotEquals(first.substring(0, 200), second.substring(0, 200));
    assertTrue(Files.exists(agent.state("id-1.pem")));
    done(agent.run("renew"));
    assertFalse(Files.exists(agent.state("id-1.pem")));
    done(agent.run(READ));
  }

  @Test
  void a_due_renewal_happens_in_passing() throws IOException {
    String current = AgentScript.read(agent.state("current"));
    String[] words = current.split(" ");
    words[2] = "1";
    Files.writeString(agent.state("current"), String.join(" ", words));

    done(agent.run(READ));

    assertEquals(2, generation());
  }

  @Test
  void waits_out_a_restart_of_the_broker() throws InterruptedException {
    BROKER.process().kill9();
    Running renewing = agent.start("", "renew");
    TimeUnit.SECONDS.sleep(2);
    assertTrue(renewing.process().isAlive());
    BROKER.process().restart();

    done(AgentScript.end(renewing));
    assertEquals(2, generation());
    done(agent.run(READ));
  }

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_key() {
    AgentScript deaf =
        agent.withProgram(
            "curl",
            """
            #!/bin/sh
            PATH=/usr/bin:/bin:/usr/local/bin
            case "$*" in
              *v1/svid*) curl "$@" >/dev/null; echo "curl: (56) the connection was cut" >&2; exit 56 ;;
              *) exec curl "$@" ;;
            esac
            """);
    Running lost = deaf.start("", "renew");
    while (!certified()) {
      Thread.onSpinWait();
    }
    lost.process().destroyForcibly();
    AgentScript.end(lost);
    assertEquals(1, generation());

    done(agent.run("renew"));

    assertEquals(2, generation());
    done(agent.run(READ));
    done(agent.run("renew"));
  }

  /** Whether the broker has certified a second key, by its own word. */
  private boolean certified() {
    return agent.run("doctor").code() == 0 && Files.exists(agent.state("next-2-renewal.key"));
  }

  @Test
  void many_at_once_do_each_other_no_harm() {
    List<Running> all = IntStream.range(0, 8).mapToObj(i -> agent.start("", "renew")).toList();

    all.forEach(one -> done(AgentScript.end(one)));

    assertTrue(generation() >= 2 && generation() <= 9, "generation " + generation());
    done(agent.run(READ));
    done(agent.run("renew"));
  }

  @Test
  void a_lock_whose_holder_is_gone_is_taken_over() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createSymbolicLink(agent.state("lock"), Path.of(Long.toString(gone.pid())));

    done(agent.run("renew"));

    assertFalse(Files.isSymbolicLink(agent.state("lock")));
  }

  @Test
  void a_broker_that_stays_away_is_said_after_a_while() {
    int port = URI.create(BROKER.url()).getPort();
    try (TcpProxy proxy = TcpProxy.to("127.0.0.1", port)) {
      AgentScript far = agent.env("WRIT_URL", "https://localhost:" + proxy.port());
      done(far.run(READ));
      proxy.refuse();

      Ended ended = far.run("renew");

      assertEquals(7, ended.code(), ended::toString);
      proxy.resume();
      done(far.run("renew"));
    }
  }
}
