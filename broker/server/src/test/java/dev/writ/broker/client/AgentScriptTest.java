package dev.writ.broker.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.client.AgentScript.Ended;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.TestCa;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class AgentScriptTest {
  private static final String[] READ = {
    "token", "--audience", "https://deploy.internal", "--scope", "deploy:read"
  };
  private static final String[] PRODUCTION = {
    "token", "--audience", "https://deploy.internal", "--scope", "deploy:production"
  };

  @RegisterExtension static final LocalBroker BROKER = new LocalBroker();

  @TempDir Path folder;

  private AgentScript agent() {
    return AgentScript.under(Sh.DASH, folder, BROKER);
  }

  private static void ended(int code, Ended ended) {
    assertEquals(code, ended.code(), ended::toString);
  }

  @ParameterizedTest
  @EnumSource
  void an_agent_enrols_is_given_a_token_and_told_why_not_another(Sh shell) {
    AgentScript agent = AgentScript.under(shell, folder, BROKER);
    String id = BROKER.enrol(agent);

    Ended token = agent.run(READ);
    ended(0, token);
    assertEquals(3, token.out().strip().split("\\.").length, token::toString);
    assertEquals("", token.err());

    Ended denied = agent.run(PRODUCTION);
    ended(4, denied);
    assertEquals("", denied.out());
    assertEquals(
        """
        writ-agent: denied by operator@1 (scopes): asked for internal https://deploy.internal deploy:production; allowed: internal https://deploy.internal deploy:read deploy:staging.
        writ-agent: What to do: not granted: deploy:production; ask only for scopes under "allowed", or have the policy changed.
        """,
        denied.err());
    JsonNode refusal = agent.refusal();
    assertEquals("denied", refusal.path("error").asText());
    assertEquals(4, refusal.path("exit").asInt());
    assertEquals("token", refusal.path("command").asText());
    assertEquals("operator@1", refusal.at("/answer/denial/policy").asText());
    assertEquals(
        List.of("writ-agent: " + refusal.path("message").asText().replace("\n", "\nwrit-agent: ")),
        List.of(denied.err().strip()));

    Ended status = agent.run("status");
    ended(0, status);
    assertTrue(status.out().contains("/agent/" + id), status::toString);
    assertTrue(status.out().contains("user:ada"), status::toString);
    assertTrue(
        status.out().contains("internal https://deploy.internal deploy:read"), status::toString);
    assertTrue(status.out().contains("1 live credentials"), status::toString);
    ended(0, agent.run("doctor"));
    ended(0, agent.run("renew"));
    ended(0, agent.run(READ));
  }

  @Test
  void json_is_for_programs() {
    AgentScript agent = agent();
    String id = BROKER.enrol(agent);

    assertEquals(id, agent.run("status", "--json").json().at("/self/id").asText());
    assertEquals(2, agent.run("renew", "--json").json().path("generation").asInt());
    JsonNode token = agent.run("token", "--audience", "https://deploy.internal", "--json").json();
    assertTrue(token.path("expires_in").asInt() > 800, token::toString);
    Ended denied =
        agent.run(Stream.concat(Stream.of(PRODUCTION), Stream.of("--json")).toArray(String[]::new));
    assertEquals("denied", denied.json().path("error").asText());
    for (JsonNode check : agent.run("doctor", "--json").json().path("checks")) {
      assertTrue(check.path("ok").asBoolean(), check::toString);
    }
  }

  @Test
  void finds_the_broker_by_what_enrolment_remembered() {
    AgentScript agent = agent();
    BROKER.enrol(agent);

    ended(0, AgentScript.under(Sh.DASH, folder).run(READ));
  }

  @Test
  void the_enrolment_token_may_stand_in_a_file() throws IOException {
    Path token =
        Files.writeString(folder.resolve("token"), BROKER.launch().text("enrolment_token"));

    ended(0, agent().env("WRIT_ENROLMENT_TOKEN_FILE", token.toString()).run("enrol"));
  }

  @Test
  void a_used_or_unknown_enrolment_token_is_not_logged_in() {
    Reply launched = BROKER.launch();
    ended(0, agent().runWith(launched.text("enrolment_token"), "enrol"));
    AgentScript thief = AgentScript.under(Sh.BASH, folder, BROKER);

    Ended refused = thief.runWith(launched.text("enrolment_token"), "enrol");

    ended(3, refused);
    assertTrue(refused.err().contains("was used before"), refused::toString);
    ended(2, thief.runWith("", "enrol"));
    ended(2, thief.runWith("a\"b", "enrol"));
  }

  @Test
  void a_killed_agent_is_told_by_whom_and_why() {
    AgentScript agent = agent();
    String id = BROKER.enrol(agent);
    try (Launcher operator = BROKER.operator()) {
      operator.kill(id, "found in a build log", false).expect(200);
    }

    for (List<String> command : List.of(List.of(READ), List.of("renew"), List.of("status"))) {
      Ended ended = agent.run(command.toArray(String[]::new));
      ended(6, ended);
      assertTrue(ended.err().contains("killed"), ended::toString);
    }
    assertTrue(agent.run(READ).err().contains("by operator: found in a build log"));
    assertEquals("agent_ended", agent.refusal().path("error").asText());
  }

  @Test
  void an_agent_whose_life_has_ended_is_told_so() throws InterruptedException {
    AgentScript agent = agent();
    Reply launched = BROKER.launch(Launch.of("operator").owner("group:platform").ttl("5s"));
    ended(0, agent.runWith(launched.text("enrolment_token"), "enrol"));
    TimeUnit.SECONDS.sleep(6);

    Ended token = agent.run(READ);
    ended(6, token);
    assertTrue(token.err().contains("life ended at"), token::toString);
    ended(6, agent.run("renew"));
  }

  @Test
  void an_unreachable_broker_is_said_and_what_is_cached_still_served() {
    AgentScript agent = agent();
    BROKER.enrol(agent);
    Ended token = agent.run(READ);
    AgentScript cutOff = agent.env("WRIT_URL", "https://localhost:" + Ports.free());

    assertEquals(token.out(), cutOff.run(READ).out());
    Ended refused = cutOff.run(PRODUCTION);
    ended(7, refused);
    assertTrue(
        refused.err().contains("cannot reach the broker at https://localhost:"), refused::toString);
    ended(7, cutOff.run("status"));
    ended(7, cutOff.run("doctor"));
    assertTrue(cutOff.run("doctor").out().contains("!! broker"));
  }

  @Test
  void a_broker_that_is_not_trusted_is_not_spoken_to() throws IOException {
    Path other = Files.writeString(folder.resolve("other.pem"), TestCa.create("other").pem());

    Ended ended = agent().env("WRIT_CA", other.toString()).runWith("token", "enrol");

    ended(7, ended);
    assertTrue(ended.err().contains("Set WRIT_CA"), ended::toString);
  }

  @Test
  void says_what_is_missing_or_mistyped() {
    AgentScript agent = agent();
    ended(3, agent.run(READ));
    ended(3, agent.run("status"));
    ended(3, agent.run("exec", "--", "true"));
    ended(2, agent.run("token"));
    ended(2, agent.run("token", "--audience"));
    ended(2, agent.run("status", "--verbose"));
    ended(2, agent.run("exec"));
    ended(2, agent.run("exec", "--repo", "acme", "--", "true"));
    ended(2, agent.run("nonsense"));
    ended(2, agent.env("WRIT_URL", "http://localhost").runWith("token", "enrol"));
    ended(0, agent.run("help"));
  }

  @Test
  void a_new_token_is_fetched_when_asked_for_or_when_half_of_its_life_is_over() {
    AgentScript agent = agent();
    BROKER.enrol(agent);
    String first = agent.run(READ).out();

    assertEquals(first, agent.run(READ).out());
    String fresh =
        agent
            .run(Stream.concat(Stream.of(READ), Stream.of("--fresh")).toArray(String[]::new))
            .out();
    assertNotEquals(first, fresh);
    assertEquals(fresh, agent.run(READ).out());
    assertEquals(fresh, clock(agent, 440).run(READ).out());
    assertNotEquals(fresh, clock(agent, 460).run(READ).out());
  }

  /** The same with a clock that is ahead. */
  private static AgentScript clock(AgentScript agent, int seconds) {
    return agent.withProgram(
        "date",
        """
        #!/bin/sh
        case "$*" in
          +%%s) echo $(($(/bin/date +%%s) + %d)) ;;
          *) exec /bin/date "$@" ;;
        esac
        """
            .formatted(seconds));
  }

  @Test
  void a_wrong_clock_is_told_and_does_no_harm() {
    AgentScript behind = clock(agent(), -7200);
    BROKER.enrol(behind);
    Ended renewed = clock(agent(), 7200).run("renew");

    ended(0, renewed);
    assertTrue(
        renewed
            .err()
            .matches(
                "writ-agent: this machine's clock is 7[12]\\d\\d s ahead of the broker's; set it\n"),
        renewed::toString);
    ended(0, clock(agent(), 7200).run(READ));
    Ended doctor = clock(agent(), 7200).run("doctor");
    ended(1, doctor);
    assertTrue(doctor.out().contains("!! identity  this machine's clock is"), doctor::toString);
  }

  @Test
  void all_it_writes_is_for_its_owner_alone_and_whole() throws IOException {
    AgentScript agent = agent();
    BROKER.enrol(agent);
    agent.run(READ);
    agent.run(PRODUCTION);
    agent.run("renew");

    try (Stream<Path> files = Files.walk(agent.state(""))) {
      for (Path file : files.toList()) {
        String wanted = Files.isDirectory(file) ? "rwx------" : "rw-------";
        assertEquals(
            wanted,
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file::toString);
        assertTrue(!file.toString().endsWith(".new"), file::toString);
      }
    }
  }

  @Test
  void a_cached_token_costs_hardly_more_than_starting_curl() {
    AgentScript agent = agent();
    BROKER.enrol(agent);
    agent.run(READ);
    AgentScript curl = agent;

    long cached = median(() -> ended(0, agent.run(READ)));
    long bare = median(() -> startCurl(curl));
    assertTrue(
        cached < 4 * bare + TimeUnit.MILLISECONDS.toNanos(30), cached + " ns beside " + bare);
  }

  private static long median(Runnable run) {
    return LongStream.range(0, 11)
        .map(i -> {
          long begin = System.nanoTime();
          run.run();
          return System.nanoTime() - begin;
        })
        .sorted()
        .skip(5)
        .findFirst()
        .orElseThrow();
  }

  private static void startCurl(AgentScript agent) {
    try {
      Process process =
          new ProcessBuilder("curl", "--version")
              .redirectOutput(agent.folder().resolve("curl-version").toFile())
              .start();
      process.waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shellcheck_finds_nothing() throws Exception {
    assumeTrue(Sh.find("shellcheck").isPresent(), "shellcheck is not installed");
    Process process =
        new ProcessBuilder("shellcheck", AgentScript.SOURCE.toString())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals("", output);
    assertEquals(0, process.waitFor());
  }
}
