package dev.writ.broker.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody fills a node's disk from outside, whatever they send. */
@Tag("alone")
class FloodTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LEFT_OUT =
      Pattern.compile("(\\d+) more lines of (\\S+) were left out within a second");

  @TempDir static Path folder;
  private static ServedBroker broker;

  @BeforeAll
  static void serve() throws IOException {
    broker = ServedBroker.start(folder, Map.of(), List.of());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static JsonNode json(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      assertTrue(json.isObject(), line);
      return json;
    } catch (IOException e) {
      throw new AssertionError("not a line of JSON: " + line, e);
    }
  }

  private static double metric(String series) {
    return broker
        .management("/metrics")
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .sum();
  }

  @Test
  void thousands_of_strangers_make_ten_lines_a_second_and_a_count_and_no_row() throws Exception {
    int floods = 1_000;
    double rows = metric("writ_ledger_sequence");
    double counted = metric("writ_unauthenticated_total{reason=\"no_proof\"}");
    double suppressed = metric("writ_log_lines_suppressed_total");
    int before = broker.log().size();
    Http nobody = broker.anybody();
    long began = System.nanoTime();
    for (int i = 0; i < floods; i++) {
      Reply reply =
          nobody.send(
              "POST",
              broker.url().resolve("/token"),
              Map.of("Content-Type", "application/x-www-form-urlencoded"),
              Ask.audience(ServedBroker.DEPLOY).form("x"));
      reply.expect(401);
    }
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
    Thread.sleep(1_500);

    List<String> lines = broker.log().subList(before, broker.log().size());
    assertTrue(lines.size() <= 12 * (seconds + 1), lines.size() + " lines in " + seconds + " s");
    assertEquals(floods, metric("writ_unauthenticated_total{reason=\"no_proof\"}") - counted);
    assertEquals(rows, metric("writ_ledger_sequence"));

    long told = 0;
    long leftOut = 0;
    for (String line : lines) {
      String message = json(line).path("formattedMessage").asText();
      Matcher more = LEFT_OUT.matcher(message);
      if (more.matches()) {
        leftOut += Long.parseLong(more.group(1));
      } else {
        assertTrue(message.startsWith("Not authenticated: no_proof, from "), message);
        told++;
      }
    }
    assertEquals(floods, told + leftOut);
    assertEquals(leftOut, metric("writ_log_lines_suppressed_total") - suppressed);
  }

  @Test
  void connections_that_speak_no_tls_or_no_http_make_few_lines() throws Exception {
    int before = broker.log().size();
    for (int i = 0; i < 100; i++) {
      try (RawHttp raw = RawHttp.plain("localhost", broker.url().getPort())) {
        raw.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        raw.hangsUp(Duration.ofSeconds(2));
      }
      try (RawHttp raw = RawHttp.connect(broker.url(), broker.bundle())) {
        raw.write("\0\1\2 %zz\r\n\r\n");
        raw.answer(Duration.ofSeconds(2));
      }
      try (RawHttp raw = RawHttp.connect(broker.url(), broker.bundle())) {
        raw.write("GET /v1/agents/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        raw.answer(Duration.ofSeconds(2));
      }
    }
    Thread.sleep(1_500);

    List<String> lines = broker.log().subList(before, broker.log().size());
    lines.forEach(FloodTest::json);
    assertTrue(lines.size() <= 50, () -> lines.size() + " lines, such as " + lines.get(0));
  }

  @Test
  void an_alarm_is_heard_in_the_middle_of_a_flood() throws Exception {
    AgentClient thief = broker.newAgent();
    String token =
        broker
            .operator()
            .launch(Launch.of("deployer").owner("user:ada"))
            .expect(201)
            .text("enrolment_token");
    broker.newAgent().enrol(token).expect(200);
    Http nobody = broker.anybody();
    for (int i = 0; i < 200; i++) {
      nobody.get(broker.url().resolve("/v1/agents")).expect(401);
    }

    thief.enrol(token).expect(401);

    assertTrue(broker.log().stream().anyMatch(line -> line.contains("Alarm for user:ada")));
  }

  @Test
  void a_line_names_its_request_as_the_answer_does_and_not_as_the_caller_wished() throws Exception {
    Thread.sleep(1_100); // the floods of other tests are over
    Reply reply =
        broker
            .anybody()
            .send(
                "GET",
                broker.url().resolve("/v1/agents/secret-in-the-path"),
                Map.of("X-Request-Id", "chosen-by-the-caller"),
                "");

    String id = reply.expect(401).header("X-Request-Id");
    JsonNode line =
        broker.log().stream()
            .map(FloodTest::json)
            .filter(json -> json.path("mdc").path("request").asText().equals(id))
            .findFirst()
            .orElseThrow();
    assertEquals("/v1/agents/:id", line.path("mdc").path("route").asText());
    assertEquals(
        0, broker.log().stream().filter(text -> text.contains("secret-in-the-path")).count());
    assertEquals(
        0, broker.log().stream().filter(text -> text.contains("chosen-by-the-caller")).count());
  }

  @Test
  void an_exchange_leaves_no_line_at_all() {
    AgentClient agent = broker.agent();
    int before = broker.log().size();

    agent.exchange(Via.MTLS, Ask.audience(ServedBroker.DEPLOY)).expect(200);

    assertEquals(before, broker.log().size());
  }
}
