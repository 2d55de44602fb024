package dev.writ.broker.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.otlp.FakeCollector;
import dev.writ.fixtures.otlp.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";

  @TempDir Path folder;

  private static Map<String, String> sendingTo(FakeCollector collector) {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT", collector.url().toString(), "OTEL_BSP_SCHEDULE_DELAY", "50");
  }

  private static ReceivedSpan exchanged(
      AgentClient agent, FakeCollector collector, Map<String, String> headers, int status) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("DPoP", agent.proof("POST", "/token").sign());
    agent.exchange(Via.NOTHING, Ask.audience(ServedBroker.DEPLOY), all).expect(status);
    return collector.await(span -> span.name().equals("POST /token"));
  }

  @Test
  void an_exchange_is_a_server_span_with_its_steps_below_and_its_lines_name_the_trace()
      throws IOException {
    try (FakeCollector collector = FakeCollector.start();
        ServedBroker broker = ServedBroker.start(folder, sendingTo(collector), List.of())) {
      AgentClient agent = broker.agent();
      ReceivedSpan exchange =
          exchanged(
              agent,
              collector,
              Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01", "tracestate", "k=v"),
              200);

      assertTrue(exchange.server());
      assertEquals(TRACE, exchange.trace());
      assertEquals(CALLER, exchange.parent());
      assertEquals(
          Map.of(
              "http.request.method", "POST",
              "http.route", "/token",
              "http.response.status_code", "200",
              "url.scheme", "https",
              "writ.agent", agent.id()),
          exchange.attributes());
      List<ReceivedSpan> steps =
          collector.spans().stream().filter(span -> span.parent().equals(exchange.id())).toList();
      assertEquals(
          List.of("authenticate", "attenuate", "sign", "append"),
          steps.stream().map(ReceivedSpan::name).toList());
      assertTrue(steps.stream().allMatch(span -> span.trace().equals(TRACE)));
      assertTrue(steps.stream().allMatch(span -> span.attributes().isEmpty()));

      agent
          .exchange(
              Via.NOTHING,
              Ask.audience(ServedBroker.DEPLOY),
              Map.of("traceparent", "00-" + TRACE.replace('4', '5') + "-" + CALLER + "-01"))
          .expect(401);
      String line = broker.log().getLast();
      assertTrue(line.contains("\"trace_id\":\"" + TRACE.replace('4', '5') + "\""), line);
    }
  }

  @Test
  void a_malformed_traceparent_begins_a_trace_of_its_own_and_no_path_is_told() throws IOException {
    try (FakeCollector collector = FakeCollector.start();
        ServedBroker broker = ServedBroker.start(folder, sendingTo(collector), List.of())) {
      broker
          .anybody()
          .send(
              "GET",
              broker.url().resolve("/v1/agents/of-nobody?who=nobody"),
              Map.of("traceparent", "00-x-y-z"),
              "")
          .expect(401);
      broker.anybody().get(broker.url().resolve("/nowhere/at-all")).expect(404);

      ReceivedSpan known = collector.await(span -> span.name().equals("GET /v1/agents/:id"));
      assertEquals("", known.parent());
      assertEquals(32, known.trace().length());
      ReceivedSpan unknown = collector.await(span -> span.name().equals("GET"));
      assertEquals("404", unknown.attributes().get("http.response.status_code"));
      assertFalse(unknown.attributes().containsKey("http.route"));
      assertFalse(collector.spans().toString().contains("nobody"));
      assertFalse(collector.spans().toString().contains("at-all"));
    }
  }

  @Test
  void a_collector_that_is_down_hurts_no_exchange() throws IOException {
    FakeCollector gone = FakeCollector.start();
    gone.close();
    try (ServedBroker broker = ServedBroker.start(folder, sendingTo(gone), List.of())) {
      AgentClient agent = broker.agent();
      for (int i = 0; i < 20; i++) {
        agent.exchange(Via.MTLS, Ask.audience(ServedBroker.DEPLOY)).expect(200);
      }
      assertTrue(
          broker.log().stream().allMatch(line -> line.startsWith("{")),
          () -> broker.log().toString());
    }
  }

  @Test
  void by_default_nothing_of_it_is_loaded_although_an_exchange_is_made() throws IOException {
    Path loaded = folder.resolve("loaded");
    try (ServedBroker broker =
        ServedBroker.start(
            folder, Map.of(), List.of("-Xlog:class+load:file=" + loaded + "::filecount=0"))) {
      broker.agent().exchange(Via.MTLS, Ask.audience(ServedBroker.DEPLOY)).expect(200);
      broker.management("/metrics");
    }
    assertEquals(List.of(), loadedFrom(loaded, "io.opentelemetry."));
    assertFalse(loadedFrom(loaded, "dev.writ.broker.trace.").isEmpty());
  }

  private static List<String> loadedFrom(Path log, String prefix) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(" " + prefix)).toList();
    }
  }
}
