package dev.writ.broker.crash;

import static dev.writ.broker.crash.NodeFiles.AUDIENCE;
import static dev.writ.broker.crash.NodeFiles.READ;
import static dev.writ.broker.crash.NodeFiles.STAGING;

import dev.writ.broker.Broker;
import dev.writ.broker.store.DatabaseSection;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one database: what one has answered, the other obeys from that moment on. */
@Tag("alone")
class KillRaceTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final int RUNNERS = 8;
  private static final String POLICY =
      """
      {"name": "operator", "lifetime": {"agent": "4h", "credential": "15m"},
       "launch": ["operator", "agent"], "owners": ["group:platform"],
       "delegation": {"depth": 1, "policies": ["operator"]},
       "grants": [{"internal": {"audience": "%s", "scopes": [%s]}}]}
      """;
  private static final String WIDE =
      POLICY.formatted(AUDIENCE, "\"" + READ + "\", \"" + STAGING + "\"");
  private static final String NARROW = POLICY.formatted(AUDIENCE, "\"" + READ + "\"");
  private static final Launch LAUNCH = Launch.of("operator").owner("group:platform");

  @TempDir static Path folder;
  private static final List<AutoCloseable> open = new ArrayList<>();
  private static NodeFiles there;
  private static Launcher operator;

  @BeforeAll
  static void startTwoNodes() throws IOException {
    NodeFiles here = node(Ports.free(), "");
    there = node(Ports.free(), here.url().toString());
    open.add(Broker.start(here.config()));
    open.add(Broker.start(there.config()));
    operator = Launcher.at(here.url(), here.bundle(), here.operatorToken());
    open.add(operator);
  }

  private static NodeFiles node(int port, String issuer) throws IOException {
    String database = DatabaseSection.of(DATABASE.settings(), folder.resolve("password"));
    URI own = URI.create(issuer.isEmpty() ? "https://localhost:" + port : issuer);
    return NodeFiles.write(folder, port, own, WIDE, database);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void no_exchange_slips_through_after_a_kill_at_the_other_node() throws Exception {
    raceWithKills(1_000, 100);
  }

  @Test
  @Tag("long")
  void none_of_ten_thousand_exchanges_slips_through_after_a_kill() throws Exception {
    raceWithKills(10_000, 1_000);
  }

  @Test
  void no_exchange_slips_through_after_a_policy_was_narrowed_at_the_other_node() throws Exception {
    raceWithNarrowing(1_000, 100);
  }

  @Test
  @Tag("long")
  void none_of_ten_thousand_exchanges_slips_through_after_a_narrowing() throws Exception {
    raceWithNarrowing(10_000, 1_000);
  }

  /** Every other time it is the parent that is killed, and the child that exchanges. */
  private static void raceWithKills(int exchanges, int early) throws Exception {
    Tally tally =
        new Tally(
            "kill",
            reply ->
                reply.status() == 400
                    && reply.json().path("reason").asText().equals("agent_killed"));
    try (Race race = new Race()) {
      for (int round = 0; !tally.has(exchanges, early) && round < exchanges; round++) {
        try (AgentClient parent = operator.bringUp(LAUNCH);
            AgentClient launched = round % 2 == 0 ? parent.copy() : child(parent);
            AgentClient agent = launched.copyAt(there.url())) {
          tally.add(race.run(runners(List.of(agent)), () -> operator.kill(parent.id())));
        }
      }
    }
    tally.close();
  }

  private static AgentClient child(AgentClient parent) {
    Reply launched = parent.launch(Via.DPOP, Launch.of("operator")).expect(201);
    AgentClient child = AgentClient.at(parent.uri("/"), launched.text("bundle"));
    child.enrol(launched.text("enrolment_token")).expect(200);
    return child;
  }

  private static void raceWithNarrowing(int exchanges, int early) throws Exception {
    Tally tally =
        new Tally(
            "narrowed policy",
            reply -> reply.status() == 400 && reply.error().equals("invalid_scope"));
    List<AgentClient> agents = new ArrayList<>();
    try (Race race = new Race()) {
      for (int i = 0; i < RUNNERS / 2; i++) {
        try (AgentClient agent = operator.bringUp(LAUNCH)) {
          agents.add(agent.copyAt(there.url()));
        }
      }
      for (int round = 0; !tally.has(exchanges, early) && round < exchanges; round++) {
        tally.add(race.run(runners(agents), () -> apply(NARROW)));
        apply(WIDE).expect(200);
      }
    } finally {
      apply(WIDE);
      agents.forEach(AgentClient::close);
    }
    tally.close();
  }

  private static Reply apply(String policy) {
    return operator.send(
        "POST",
        "/v1/policies/apply",
        Map.of(),
        "{\"comment\": \"race\", \"policies\": [" + policy + "]}");
  }

  private static List<Callable<Reply>> runners(List<AgentClient> agents) {
    List<Callable<Reply>> runners = new ArrayList<>();
    for (int i = 0; i < RUNNERS; i++) {
      AgentClient agent = agents.get(i % agents.size());
      Via via = i % 4 < 2 ? Via.MTLS : Via.DPOP;
      runners.add(() -> agent.exchange(via, Ask.internal(AUDIENCE, STAGING)));
    }
    return runners;
  }
}
