package dev.writ.broker.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.SealedKeys;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseDump;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.otlp.FakeCollector;
import dev.writ.fixtures.secrets.Leak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole life with a real broker, and then a search of everything that was written. */
class CanaryTest {

  /** The files that are meant to hold a secret, each for its owner alone. */
  private static final Map<String, String> KEPT =
      Map.of(
          "operator-token", "the operator reads it to log in",
          "keys/root.pem", "the trust domain's root, where no other place is configured",
          "keys/envelope.key", "opens what the database keeps sealed",
          "db/password", "the broker reads it to connect to its database");

  @TempDir Path folder;

  @Test
  void no_secret_of_a_whole_life_is_written_anywhere() throws Exception {
    Path written = Files.createDirectory(folder.resolve("written"));
    Canary canary = new Canary(written);
    try (FakeCollector collector = FakeCollector.start();
        ServedBroker broker =
            ServedBroker.start(
                Files.createDirectory(folder.resolve("broker")),
                Map.of(
                    "WRIT_LOG_LEVEL",
                    "trace",
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.url().toString(),
                    "OTEL_BSP_SCHEDULE_DELAY",
                    "50"),
                List.of())) {
      canary.secret("operator token", broker.operatorToken());
      AgentClient agent = live(broker, canary);
      Misplaced misplaced = new Misplaced(broker, canary, agent);
      for (String secret : canary.tokens()) {
        misplaced.everywhere(secret);
      }
      type(broker, canary, agent, written);
      end(broker, canary, agent);

      Files.writeString(written.resolve("metrics"), broker.management("/metrics"));
      Files.writeString(written.resolve("health"), broker.management("/health/ready"));
      remember(broker, canary, written);
      broker.process().terminate(Duration.ofSeconds(15));
      for (byte[] body : collector.bodies()) {
        Files.write(Files.createTempFile(written, "spans", ""), body);
      }
      assertTrue(collector.spans().size() > 100, "the life was traced");
      Files.copy(broker.process().stdout(), written.resolve("stdout"));
      Files.copy(broker.process().stderr(), written.resolve("stderr"));
      assertTrue(Files.readString(written.resolve("stderr")).contains("Answered POST with 200"));

      canary.secrets().assertNoneIn(written);
      List<Leak> leaks = new ArrayList<>();
      for (Path file : files(broker.data())) {
        String name = broker.data().relativize(file).toString();
        if (KEPT.containsKey(name)) {
          assertFalse(canary.secrets().findIn(file).isEmpty(), name + " is what is searched for");
          assertEquals(
              "rw-------",
              PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
              name);
        } else {
          leaks.addAll(canary.secrets().findIn(file));
        }
      }
      assertEquals(List.of(), leaks);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Launch, enrol, exchange both ways, a child, renewal, re-enrolment, hand-over, revocation. */
  private static AgentClient live(ServedBroker broker, Canary canary) {
    Reply launched =
        broker.operator().launch(Launch.of("deployer").owner("user:ada"), "once").expect(201);
    String enrolment = canary.secret("enrolment token", launched.text("enrolment_token"));
    AgentClient agent = broker.newAgent();
    agent.enrol(enrolment).expect(200);
    canary.secret(agent);
    canary.secret("JWT-SVID", agent.svids().jwt());
    canary.refused(broker.newAgent().enrol(enrolment));

    Ask ask = Ask.audience(ServedBroker.DEPLOY);
    String bearer = agent.exchange(Via.MTLS, ask).expect(200).text("access_token");
    canary.secret("access token", bearer);
    String proof = canary.proof(agent, "POST", "/token");
    Reply bound = agent.exchange(Via.NOTHING, ask, Map.of("DPoP", proof)).expect(200);
    canary.secrets().token("access token", bound.text("access_token"));
    canary.refused(agent.exchange(Via.NOTHING, ask, Map.of("DPoP", proof)));
    canary.harmless(agent.self(Via.MTLS).expect(200));
    canary.harmless(broker.operator().writs(agent.id()).expect(200));

    Reply child = agent.launch(Via.MTLS, Launch.of("deployer")).expect(201);
    String childToken = child.text("enrolment_token");
    canary.secrets().token("enrolment token", childToken);
    AgentClient descendant = broker.newAgent();
    descendant.enrol(childToken).expect(200);
    canary.secret(descendant);
    canary
        .secrets()
        .token("access token", descendant.exchange(Via.MTLS, ask).expect(200).text("access_token"));
    canary.refused(descendant.exchange(Via.MTLS, Ask.audience("https://other.internal")));
    canary.refused(agent.copy().exchange(Via.NOTHING, ask));

    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);
    canary.secret(agent);
    agent.renew(Via.DPOP).expect(200);
    canary.secret(agent);
    Reply again = broker.operator().enrolment(agent.id()).expect(201);
    canary.secrets().token("enrolment token", again.text("enrolment_token"));
    canary.refused(agent.renew(Via.MTLS));
    AgentClient woken = broker.newAgent();
    woken.enrol(again.text("enrolment_token")).expect(200);
    canary.secret(woken);
    canary.refused(agent.exchange(Via.MTLS, ask));
    String last = woken.exchange(Via.MTLS, ask).expect(200).text("access_token");
    canary.secrets().token("access token", last);
    canary.harmless(woken.revoke(Via.MTLS, last).expect(200));
    canary.harmless(broker.operator().owner(woken.id(), "user:grace"));
    return woken;
  }

  /** The command line, as an operator types it. */
  private static void type(ServedBroker broker, Canary canary, AgentClient agent, Path written)
      throws Exception {
    Path tokenFile = broker.folder().resolve("enrolment-token");
    Path credential =
        Files.writeString(broker.folder().resolve("credential"), canary.tokens().getLast());
    Path inline = broker.folder().resolve("inline.yaml");
    String password = canary.secret("database password", "correct-horse-battery-staple");
    Files.writeString(
        inline,
        "database: { url: \"postgresql://writ:%s@127.0.0.1:1/writ\", password: \"%s\" }\n"
            .formatted(password, password));
    List<List<String>> commands =
        List.of(
            List.of(
                "agent",
                "launch",
                "--policy",
                "deployer",
                "--owner",
                "user:ada",
                "--token-file",
                tokenFile.toString()),
            List.of("agent", "ls", "--json"),
            List.of("agent", "show", agent.id()),
            List.of(
                "policy",
                "apply",
                broker.folder().resolve("policies").toString(),
                "--comment",
                "again"),
            List.of("owner", "hand-over", agent.id(), "group:platform"),
            List.of("blame", "--token-file", credential.toString()),
            List.of("agent", "show", canary.tokens().getFirst()),
            List.of("blame", canary.tokens().getLast()),
            List.of("serve", "--config", inline.toString()));
    for (List<String> command : commands) {
      ServedBroker.Typed typed = broker.type(command.toArray(String[]::new));
      Files.writeString(
          Files.createTempFile(written, command.get(0), ""), typed.out() + typed.err());
    }
    canary.secrets().token("enrolment token", Files.readString(tokenFile).strip());
  }

  private static void end(ServedBroker broker, Canary canary, AgentClient agent) {
    canary.harmless(broker.operator().kill(agent.id(), "the end", true).expect(200));
    canary.refused(agent.exchange(Via.MTLS, Ask.audience(ServedBroker.DEPLOY)));
    canary.refused(agent.renew(Via.DPOP));
    canary.refused(broker.operator().enrolment(agent.id()));
    canary.harmless(
        broker
            .operator()
            .blame(Map.of("agent", agent.id(), "at", java.time.Instant.now().toString())));
  }

  /** The keys of the deployment and its database's password, and all that the database holds. */
  private static void remember(ServedBroker broker, Canary canary, Path written) throws Exception {
    Path data = broker.data();
    canary.pem("root key", data.resolve("keys/root.pem"));
    String envelope = Files.readString(data.resolve("keys/envelope.key")).strip();
    canary.secrets().token("envelope key", envelope.substring(envelope.indexOf(':') + 1));
    canary
        .secrets()
        .token("database password", Files.readString(data.resolve("db/password")).strip());
    try (Database database = DatabaseDump.connect(data)) {
      for (byte[] key : SealedKeys.open(database, data.resolve("keys/envelope.key"))) {
        canary.key("token signing key", key);
      }
      Map<String, Integer> rows = DatabaseDump.write(database, written.resolve("dump"));
      for (String table : List.of("ledger", "writ", "agent", "signing_key", "policy")) {
        assertTrue(rows.getOrDefault(table, 0) > 0, rows::toString);
      }
    }
  }
}
