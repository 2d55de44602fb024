package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetricsTest {
  private static final String DEPLOY = "https://deploy.internal";
  private static final Pattern DOCUMENTED =
      Pattern.compile("(?m)^\\| `(writ_\\w+)`(?: \\{([a-z, ]+)})? \\| (\\w+) \\|");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (writ_\\w+) (\\w+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "deployer",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
              """)
          .settings(
              "aws: [ { account: \"123456789012\", sts: \"http://127.0.0.1:9\", issuer: \"http://127.0.0.1:9/sts\" } ]\n");

  /** By how much a series grows. */
  private static double growth(String series, Runnable doing) {
    double before = BROKER.metric(series);
    doing.run();
    return BROKER.metric(series) - before;
  }

  @Test
  void the_documentation_names_every_metric_with_its_type_and_labels_and_no_other()
      throws IOException {
    AgentClient agent = BROKER.agent("deployer");
    agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    agent.exchange(Via.MTLS, Ask.audience("https://other.internal")).expect(400);

    SortedMap<String, String> documented = new TreeMap<>();
    DOCUMENTED
        .matcher(Files.readString(Path.of("../../docs/metrics.md")))
        .results()
        .forEach(row ->
            documented.put(
                row.group(1),
                row.group(3) + " {" + (row.group(2) == null ? "" : row.group(2)) + "}"));
    assertEquals(exposed(), documented);
  }

  private static SortedMap<String, String> exposed() {
    String text = BROKER.management("/metrics").expect(200).body();
    SortedMap<String, String> metrics = new TreeMap<>();
    TYPE.matcher(text)
        .results()
        .forEach(line -> {
          String name = line.group(1);
          List<String> labels =
              text.lines()
                  .filter(series -> series.startsWith(name + "{") || series.startsWith(name + "_"))
                  .limit(1)
                  .flatMap(series -> LABEL.matcher(series).results().map(match -> match.group(1)))
                  .filter(label -> !label.equals("le"))
                  .toList();
          String type = name.equals("writ_build_info") ? "info" : line.group(2);
          metrics.put(name, type + " {" + String.join(", ", labels) + "}");
        });
    return metrics;
  }

  @Test
  void counts_what_is_issued_and_refused_and_why() {
    AgentClient agent = BROKER.agent("deployer");

    assertEquals(
        1,
        growth(
            "writ_tokens_issued_total{target=\"internal\"}",
            () -> agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200)));
    assertEquals(
        1,
        growth(
            "writ_refusals_total{error=\"invalid_scope\",reason=\"scopes\"}",
            () -> agent.exchange(Via.MTLS, Ask.audience(DEPLOY, "deploy:all")).expect(400)));
    BROKER.operator().kill(agent.id()).expect(200);
    assertEquals(
        1,
        growth(
            "writ_refusals_total{error=\"invalid_request\",reason=\"agent_killed\"}",
            () -> agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(400)));
  }

  @Test
  void counts_launches_enrolments_renewals_kills_and_alarms() {
    for (String kind : List.of("launch", "enrol")) {
      assertEquals(
          1,
          growth(
              "writ_ledger_rows_total{kind=\"%s\"}".formatted(kind),
              () -> BROKER.agent("deployer")),
          kind);
    }
    AgentClient agent = BROKER.agent("deployer");
    assertEquals(
        1,
        growth("writ_ledger_rows_total{kind=\"renew\"}", () -> agent.renew(Via.MTLS).expect(200)));
    assertEquals(
        1,
        growth(
            "writ_ledger_rows_total{kind=\"kill\"}",
            () -> BROKER.operator().kill(agent.id()).expect(200)));

    String token =
        BROKER
            .operator()
            .launch(Launch.of("deployer").owner("user:ada"))
            .expect(201)
            .text("enrolment_token");
    BROKER.newAgent().enrol(token).expect(200);
    assertEquals(1, growth("writ_alarms_total", () -> BROKER.newAgent().enrol(token).expect(401)));
  }

  @Test
  void an_append_is_timed_and_its_batch_measured() {
    AgentClient agent = BROKER.agent("deployer");
    Runnable exchange = () -> agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    assertEquals(1, growth("writ_ledger_append_seconds_count", exchange));
    assertEquals(1, growth("writ_ledger_batch_rows_sum", exchange));
  }

  @Test
  void a_method_that_a_caller_invents_makes_no_series() {
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      raw.write("INVENTED /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
      raw.answer(Duration.ofSeconds(5)).expect(404);
    }

    assertTrue(
        BROKER.metric("writ_http_requests_total{method=\"other\",route=\"none\",status=\"404\"}")
            >= 1);
  }

  @Test
  void says_how_old_keys_are_and_when_their_successors_are_due() {
    double now = Instant.now().getEpochSecond();
    for (String slot : List.of("token", "sts")) {
      double since = BROKER.metric("writ_key_since_timestamp_seconds{slot=\"%s\"}".formatted(slot));
      double due =
          BROKER.metric("writ_key_rotation_due_timestamp_seconds{slot=\"%s\"}".formatted(slot));
      assertTrue(Math.abs(now - since) < 600, slot + " since " + since);
      assertEquals(Duration.ofDays(30).toSeconds(), due - since, 1, slot);
    }
    double end =
        BROKER.metric("writ_certificate_not_after_timestamp_seconds{certificate=\"intermediate\"}");
    assertEquals(Duration.ofHours(26).toSeconds(), end - now, 600);
  }

  @Test
  void says_of_every_key_how_old_it_is_and_when_the_next_one_comes() {
    String metrics = BROKER.management("/metrics").expect(200).body();

    assertEquals(
        Set.of("token", "sts", "root", "intermediate", "envelope", "checkpoint", "operator-token"),
        keys(metrics, "writ_key_age_seconds"));
    assertEquals(keys(metrics, "writ_key_age_seconds"), keys(metrics, "writ_key_trouble"));
    assertEquals(
        Set.of("token", "sts", "intermediate"), keys(metrics, "writ_key_next_rotation_seconds"));
    assertEquals(
        Duration.ofDays(30).toSeconds(),
        BROKER.metric("writ_key_next_rotation_seconds{key=\"token\"}"),
        600);
    assertEquals(0, BROKER.metric("writ_key_trouble{key=\"token\"}"));
  }

  private static Set<String> keys(String metrics, String name) {
    return Pattern.compile("(?m)^" + name + "\\{key=\"([^\"]+)\"}")
        .matcher(metrics)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void a_published_issuer_that_cannot_be_read_is_not_a_number() {
    assertTrue(
        Double.isNaN(BROKER.metric("writ_sts_issuer_behind{issuer=\"http://127.0.0.1:9/sts\"}")));
  }

  @Test
  void says_that_the_database_is_ready_and_how_its_clock_differs() {
    assertEquals(1, BROKER.metric("writ_database_ready"));
    assertTrue(Math.abs(BROKER.metric("writ_database_clock_offset_seconds")) < 5);
    assertEquals(
        new TreeSet<>(List.of("active", "max", "open")),
        BROKER
            .management("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("writ_database_connections{"))
            .map(line -> line.replaceAll(".*\"(\\w+)\".*", "$1"))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void whoever_proves_nothing_is_counted_by_why_and_never_recorded() {
    AgentClient stranger = BROKER.newAgent();
    Map<String, Runnable> attempts =
        Map.of(
            "no_proof",
                () ->
                    stranger
                        .exchange(Via.NOTHING, Ask.audience(DEPLOY).with("subject_token", "x"))
                        .expect(401),
            "malformed", () -> stranger.exchange(Via.NOTHING, Ask.nothing()).expect(400),
            "no_credential",
                () -> BROKER.anybody().get(BROKER.url().resolve("/v1/agents")).expect(401),
            "operator_token", () -> BROKER.bearer("wrong").agents(Map.of()).expect(401),
            "enrolment_token", () -> stranger.enrol("wrong").expect(401),
            "dpop",
                () ->
                    stranger
                        .exchange(
                            Via.DPOP,
                            Ask.audience(DEPLOY).with("subject_token", "x"),
                            Map.of("DPoP", "x"))
                        .expect(400));
    double rows = BROKER.metric("writ_ledger_sequence");
    attempts.forEach((reason, attempt) ->
        assertEquals(
            1,
            growth("writ_unauthenticated_total{reason=\"%s\"}".formatted(reason), attempt),
            reason));
    assertEquals(rows, BROKER.metric("writ_ledger_sequence"));
  }
}
