package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The rules for Prometheus and the dashboard for Grafana name what brokers really tell, and the
 * runbook has a section for each rule.
 */
@SuppressWarnings("NullAway.Init") // before the first test
class AlertsTest {
  private static final Path DOCS = Path.of("../../docs");
  private static final Pattern SERIES = Pattern.compile("(?m)^(writ_\\w+)(?:\\{([^}]*)})? ");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Pattern HEADING = Pattern.compile("(?m)^## (.+)$");

  /** Prometheus adds them to whatever it scrapes. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final App APP = GITHUB.app("writ");

  @RegisterExtension static final TestDatabase OF_THE_REALM = TestDatabase.migrated();

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "fixer",
              """
              lifetime: { agent: 1h, credential: 15m }
              launch: [ operator ]
              grants: [ { github: { account: acme, repositories: [ "*" ], permissions: { contents: read }, i-know: "a test" } } ]
              """)
          .withGitHub(GITHUB, APP)
          .settings(
              "aws: [ { account: \"123456789012\", sts: \"http://127.0.0.1:9\", issuer: \"http://127.0.0.1:9/sts\" } ]\n");

  @TempDir static Path folder;

  /** Of every series that two brokers told of, its labels. */
  private static final Map<String, Set<String>> TOLD = new HashMap<>();

  private record Rule(String name, String expression, JsonNode json) {}

  @BeforeAll
  static void live() throws Exception {
    Account acme = GITHUB.organization("acme");
    acme.repository("api");
    APP.install(acme, Map.of("contents", "write", "metadata", "read"));
    AgentClient agent = BROKER.agent("fixer");
    agent
        .exchange(Via.MTLS, Ask.details(Map.of("type", "github", "repositories", List.of("*"))))
        .expect(200);
    agent.exchange(Via.MTLS, Ask.audience("https://other.internal")).expect(400);
    listen(BROKER.management("/metrics").expect(200).body());
    try (FakeSourceRealm realm = FakeSourceRealm.https();
        RealmStage stage = new RealmStage(folder, OF_THE_REALM, realm)) {
      RealmStage.save(realm, "operator", RealmStage.WIDE);
      listen(stage.node("one", stage.sources()).management("/metrics").expect(200).body());
    }
  }

  @AfterAll
  static void stop() {
    GITHUB.close();
  }

  private static void listen(String exposition) {
    SERIES
        .matcher(exposition)
        .results()
        .forEach(line -> {
          Set<String> labels = TOLD.computeIfAbsent(line.group(1), name -> new HashSet<>());
          if (line.group(2) != null) {
            LABEL.matcher(line.group(2)).results().forEach(label -> labels.add(label.group(1)));
          }
        });
  }

  private static String text(String file) {
    try {
      return Files.readString(DOCS.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode rulesFile() {
    Object yaml =
        new Load(LoadSettings.builder().build()).loadFromString(text("alerts/writ.rules.yml"));
    return new ObjectMapper().valueToTree(yaml);
  }

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (JsonNode group : rulesFile().path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        rules.add(new Rule(rule.path("alert").asText(), rule.path("expr").asText(), rule));
      }
    }
    return rules;
  }

  private static Stream<JsonNode> panels() throws IOException {
    JsonNode board = new ObjectMapper().readTree(text("alerts/writ-dashboard.json"));
    return StreamSupport.stream(board.path("panels").spliterator(), false);
  }

  /** What it names that no broker told of. */
  private static List<String> unknown(Expression expression) {
    List<String> unknown = new ArrayList<>();
    expression
        .labels()
        .forEach((metric, labels) -> {
          if (!metric.equals("up") && !TOLD.containsKey(metric)) {
            unknown.add(metric);
          } else {
            labels.stream()
                .filter(label -> !OF_PROMETHEUS.contains(label))
                .filter(label -> !TOLD.getOrDefault(metric, Set.of()).contains(label))
                .forEach(label -> unknown.add(metric + "{" + label + "}"));
          }
        });
    return unknown;
  }

  @Test
  void every_rule_parses_and_names_metrics_and_labels_that_brokers_tell() {
    for (Rule rule : rules()) {
      Expression expression = Expression.of(rule.expression());
      assertFalse(expression.labels().isEmpty(), rule.name());
      assertEquals(List.of(), unknown(expression), rule.name());
    }
  }

  @Test
  void every_panel_names_metrics_and_labels_that_brokers_tell() throws IOException {
    panels()
        .forEach(panel -> {
          assertTrue(panel.path("targets").size() > 0, panel::toString);
          for (JsonNode target : panel.path("targets")) {
            String text = target.path("expr").asText();
            assertEquals(List.of(), unknown(Expression.ofPanel(text)), text);
          }
        });
  }

  @Test
  void what_no_broker_tells_and_what_does_not_parse_would_be_found() {
    assertEquals(
        List.of("writ_no_such"), unknown(Expression.of("sum by (a) (rate(writ_no_such[5m])) > 0")));
    assertEquals(
        List.of("writ_alarms_total{a}"), unknown(Expression.of("sum by (a) (writ_alarms_total)")));
    assertEquals(
        List.of("writ_key_trouble{kye}"), unknown(Expression.of("writ_key_trouble{kye=\"x\"}")));
    assertEquals(List.of(), unknown(Expression.of("sum by (instance) (up) + writ_key_trouble")));
    for (String wrong :
        List.of(
            "sum(up", "up)", "sum(up}", "up ? 1", "sums(up)", "sum by (up", "up{a}", "{a=\"\"}")) {
      assertThrows(RuntimeException.class, () -> Expression.of(wrong), wrong);
    }
  }

  @Test
  void every_rule_has_all_that_prometheus_and_people_need() {
    assertEquals(
        Set.of("groups"),
        rulesFile().properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet()));
    Set<String> names = new HashSet<>();
    for (Rule rule : rules()) {
      assertTrue(rule.name().matches("Writ[A-Z]\\w+") && names.add(rule.name()), rule.name());
      Set<String> members =
          rule.json().properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
      members.remove("for");
      assertEquals(Set.of("alert", "expr", "labels", "annotations"), members, rule.name());
      assertTrue(rule.json().path("for").asText("1m").matches("\\d+[mh]"), rule.name());
      assertTrue(Set.of("page", "ticket").contains(rule.json().at("/labels/severity").asText()));
      for (String annotation : List.of("summary", "description")) {
        String text = rule.json().path("annotations").path(annotation).asText();
        assertTrue(text.length() >= 15, rule.name() + " " + annotation);
        assertEquals(text.split("\\{\\{", -1).length, text.split("}}", -1).length, text);
      }
    }
    assertTrue(names.size() >= 15);
  }

  @Test
  void every_rule_leads_to_its_section_and_every_other_section_is_a_drill() {
    Set<String> sections =
        HEADING
            .matcher(text("runbook.md"))
            .results()
            .map(heading -> heading.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> anchors = sections.stream().map(AlertsTest::anchor).collect(Collectors.toSet());
    for (Rule rule : rules()) {
      String url = rule.json().at("/annotations/runbook_url").asText();
      assertTrue(url.matches("https://\\S+/docs/runbook\\.md#[a-z-]+"), url);
      assertTrue(anchors.contains(url.substring(url.indexOf('#') + 1)), url);
      assertTrue(url.endsWith("#" + anchor(rule.name())), url);
      assertTrue(sections.remove(rule.name()), rule.name());
    }
    assertEquals(List.of(), sections.stream().filter(name -> !name.startsWith("Drill: ")).toList());
  }

  @Test
  void every_link_within_the_runbook_and_every_alert_on_the_dashboard_leads_somewhere()
      throws IOException {
    String page = text("runbook.md");
    Set<String> anchors =
        HEADING
            .matcher(page)
            .results()
            .map(heading -> anchor(heading.group(1)))
            .collect(Collectors.toSet());
    Pattern.compile("]\\(#([^)]+)\\)")
        .matcher(page)
        .results()
        .forEach(link -> assertTrue(anchors.contains(link.group(1)), link.group(1)));
    Set<String> names = rules().stream().map(Rule::name).collect(Collectors.toSet());
    panels()
        .flatMap(panel ->
            Pattern.compile("Writ[A-Z]\\w+").matcher(panel.path("description").asText()).results())
        .forEach(named -> assertTrue(names.contains(named.group()), named.group()));
  }

  @Test
  void the_dashboard_can_be_imported_and_fits_on_one_screen() throws IOException {
    JsonNode board = new ObjectMapper().readTree(text("alerts/writ-dashboard.json"));
    assertEquals("Writ", board.path("title").asText());
    assertTrue(board.path("schemaVersion").isInt());
    assertEquals("datasource", board.at("/templating/list/0/type").asText());
    Set<Integer> ids = new HashSet<>();
    boolean[][] taken = new boolean[24][24];
    for (JsonNode panel : board.path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()));
      assertTrue(Set.of("stat", "timeseries").contains(panel.path("type").asText()));
      assertFalse(panel.path("title").asText().isEmpty());
      assertEquals("${datasource}", panel.at("/datasource/uid").asText());
      JsonNode place = panel.path("gridPos");
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          int column = place.path("x").asInt() + x;
          int row = place.path("y").asInt() + y;
          assertFalse(taken[column][row], panel.path("title").asText());
          taken[column][row] = true;
        }
      }
    }
    String names =
        panels().map(panel -> panel.path("title").asText()).collect(Collectors.joining());
    for (String part :
        List.of("Credentials", "Latency", "Refusals", "Ledger", "key", "Sources", "Targets")) {
      assertTrue(names.contains(part), part);
    }
  }

  /** As GitHub and GitLab make it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }
}
