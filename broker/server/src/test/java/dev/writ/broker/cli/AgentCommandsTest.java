package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentCommandsTest {
  private static final String ID = "0192f0c8-7a1b-7000-8000-000000000001";
  private static final String PATH = "/v1/agents/" + ID;
  private static final String LAUNCHED =
      """
      {"id":"%s","spiffe_id":"spiffe://writ.local/agent/%s","policy":"operator@7",
       "owner":"group:platform","accountable":"user:ada","launcher":"operator",
       "expires_at":"2026-11-23T22:00:00Z","enrolment_token":"SECRET-enrolment",
       "enrolment_expires_at":"2026-11-23T10:10:00Z","bundle":"PEM"}
      """
          .formatted(ID, ID);

  @TempDir Path folder;
  private TestBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new TestBroker(folder);
    shell = Shell.in(folder).environment(broker.environment());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void launch_sends_what_was_typed_and_nothing_else() {
    broker.on("POST /v1/agents", 201, LAUNCHED);

    Ended launch =
        shell.run(
            "agent",
            "launch",
            "--policy",
            "operator",
            "--owner",
            "group:platform",
            "--task",
            "fix #4711",
            "--ttl",
            "4h",
            "--role",
            "dev",
            "--label",
            "env=prod",
            "--label",
            "team=a=b",
            "--narrow",
            "[{\"type\":\"internal\",\"audience\":\"https://d.internal\"}]",
            "--harness",
            "claude-code",
            "--session",
            "s1",
            "--model",
            "m",
            "--continues",
            ID,
            "--requested-by",
            "user:ada",
            "--idempotency-key",
            "k1");

    assertEquals(0, launch.code(), launch::toString);
    assertEquals(
        Shell.json(
            """
            {"policy":"operator","owner":"group:platform","task":"fix #4711","ttl":"4h",
             "role":"dev","labels":{"env":"prod","team":"a=b"},
             "narrow":[{"type":"internal","audience":"https://d.internal"}],
             "context":{"harness":"claude-code","session":"s1","model":"m","continues":"%s"},
             "requested_by":"user:ada"}
            """
                .formatted(ID)),
        broker.lastBody());
    assertEquals("k1", broker.lastRequest().header("Idempotency-Key"));
    assertEquals("Bearer " + TestBroker.TOKEN, broker.lastRequest().header("Authorization"));

    shell.run("agent", "launch", "--policy", "operator");
    assertEquals(Shell.json("{\"policy\":\"operator\"}"), broker.lastBody());
  }

  @Test
  void launch_shows_the_agent_and_its_one_time_token() {
    broker.on("POST /v1/agents", 201, LAUNCHED);

    Ended launch = shell.run("agent", "launch", "--policy", "operator");

    assertEquals(
        """
        Launched 0192f0c8-7a1b-7000-8000-000000000001.
          SPIFFE ID    spiffe://writ.local/agent/0192f0c8-7a1b-7000-8000-000000000001
          policy       operator@7
          owner        group:platform (on duty: user:ada)
          lives until  2026-11-23 22:00 UTC (23:00 Europe/Berlin)
          enrolment    SECRET-enrolment
                       This one-time token is a secret: give it to the agent, once, until
                       2026-11-23 10:10 UTC (11:10 Europe/Berlin).
        """,
        launch.out());
  }

  @Test
  void launch_writes_the_token_to_a_file_for_its_owner_alone_and_shows_it_nowhere()
      throws IOException {
    broker.on("POST /v1/agents", 201, LAUNCHED);

    Ended launch =
        shell.run("agent", "launch", "--policy", "operator", "--json", "--token-file", "enrol");

    Path file = folder.resolve("enrol");
    assertEquals("SECRET-enrolment\n", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertFalse(launch.toString().contains("SECRET"), launch::toString);
    assertEquals(file.toString(), launch.json().path("enrolment_token_file").asText());
    assertEquals(ID, launch.json().path("id").asText());
  }

  @Test
  void a_repeated_launch_of_an_enrolled_agent_leaves_no_empty_token_file() {
    broker.on("POST /v1/agents", 201, "{\"id\":\"%s\"}".formatted(ID));

    Ended launch = shell.run("agent", "launch", "--policy", "operator", "--token-file", "enrol");

    assertEquals(0, launch.code());
    assertFalse(Files.exists(folder.resolve("enrol")));
    assertTrue(launch.out().endsWith("enrolment  done already: no other token is given\n"));
  }

  @Test
  void launch_overwrites_no_file_and_then_launches_nothing() throws IOException {
    Files.writeString(folder.resolve("enrol"), "mine");

    Ended launch = shell.run("agent", "launch", "--policy", "operator", "--token-file", "enrol");

    assertEquals(1, launch.code());
    assertEquals("mine", Files.readString(folder.resolve("enrol")));
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void a_refused_launch_leaves_no_token_file_and_tells_what_is_allowed() {
    broker.on(
        "POST /v1/agents",
        400,
        """
        {"type":"urn:writ:problem:beyond","detail":"narrow asks for more than the policy allows.",
         "denial":{"requested":[{"type":"internal","audience":"https://d","scopes":["x"]}],
         "allowed":[{"type":"internal","audience":"https://d","scopes":["a","b"]}],
         "rule":"scopes","policy":"operator@7","hint":"ask for less"}}
        """);

    Ended launch = shell.run("agent", "launch", "--policy", "operator", "--token-file", "enrol");

    assertEquals(4, launch.code());
    assertFalse(Files.exists(folder.resolve("enrol")));
    assertEquals(
        """
        writ: narrow asks for more than the policy allows.
        asked for:  x at https://d
        allowed:    a, b at https://d
        rule:       scopes of policy operator@7
        what to do: ask for less
        """,
        launch.err());
  }

  @Test
  void ls_is_a_table_without_empty_columns() {
    broker.on("GET /v1/agents", 200, "{\"agents\":[" + listed("live", "fix") + "]}");

    assertEquals(
        """
        AGENT                                 STATE  POLICY    OWNER           UNTIL                 LABELS              TASK
        0192f0c8-7a1b-7000-8000-000000000001  live   operator  group:platform  2026-11-23 22:00 UTC  env=prod, team=web  fix
        1 agent
        """,
        shell.run("agent", "ls").out());
  }

  @Test
  void ls_passes_its_filters_on_and_follows_pages() {
    broker
        .on(
            "GET /v1/agents?owner=group%3Aplatform&state=live&label=env%3Dprod%20x",
            200, "{\"agents\":[" + listed("live", "one") + "],\"next\":\"c2\"}")
        .on(
            "GET /v1/agents?owner=group%3Aplatform&state=live&label=env%3Dprod%20x&cursor=c2",
            200, "{\"agents\":[" + listed("live", "two") + "],\"next\":null}");

    Ended ls =
        shell.run(
            "agent",
            "ls",
            "--json",
            "--owner",
            "group:platform",
            "--label",
            "env=prod x",
            "--state",
            "live");

    assertEquals(2, ls.json().path("agents").size(), ls::toString);
    assertEquals("two", ls.json().path("agents").path(1).path("task").asText());
  }

  @Test
  void ls_stops_at_its_limit() {
    broker.on(
        "GET /v1/agents",
        200,
        "{\"agents\":[%s,%s],\"next\":\"c2\"}"
            .formatted(listed("live", "one"), listed("live", "two")));

    assertEquals(
        1, shell.run("agent", "ls", "--json", "--limit", "1").json().path("agents").size());
    assertEquals(1, broker.requests().size());
    assertEquals(2, shell.run("agent", "ls", "--limit", "0").code());
  }

  @Test
  void ls_of_nothing_says_so_and_is_an_empty_list_in_json() {
    broker.on("GET /v1/agents", 200, "{\"agents\":[]}");

    assertEquals("No agents.\n", shell.run("agent", "ls").out());
    assertEquals(Shell.json("{\"agents\":[]}"), shell.run("agent", "ls", "--json").json());
  }

  @Test
  void what_others_wrote_cannot_act_on_the_terminal() {
    broker.on(
        "GET /v1/agents", 200, "{\"agents\":[" + listed("live", "a\\u001b[2Jb\\u202ec\\nd") + "]}");

    String out = shell.run("agent", "ls").out();

    assertTrue(out.contains("a\\u{1b}[2Jb\\u{202e}c\\u{a}d"), out);
    assertFalse(out.contains("\u001b"), out);
  }

  @Test
  void show_tells_all_there_is_and_takes_a_spiffe_id() {
    broker.on(
        "GET " + PATH,
        200,
        """
        {"id":"%s","spiffe_id":"spiffe://writ.local/agent/%s","state":"killed","policy":"operator",
         "task":"fix","owner":"group:platform","accountable":"user:ada","launcher":"operator",
         "requested_by":{"person":"user:grace","claimed":true},
         "context":{"harness":"claude-code","session":"s1","model":"m"},
         "launched_at":"2026-11-23T10:00:00Z","expires_at":"2026-11-23T22:00:00Z",
         "killed":{"at":"2026-11-23T10:30:05Z","by":"user:ada","reason":"done"},
         "enrolment":{"number":2,"by":"operator","at":"2026-11-23T10:01:00Z"},
         "narrow":[{"type":"github","repositories":["acme/api"],"permissions":{"contents":"read"}}]}
        """
            .formatted(ID, ID));

    assertEquals(
        """
        0192f0c8-7a1b-7000-8000-000000000001
          SPIFFE ID    spiffe://writ.local/agent/0192f0c8-7a1b-7000-8000-000000000001
          state        killed by user:ada at 2026-11-23 10:30:05 UTC (11:30:05 Europe/Berlin): done
          policy       operator
          task         fix
          owner        group:platform (on duty: user:ada)
          launched by  operator
          wished by    user:grace (claimed)
          session      claude-code s1, m
          launched     2026-11-23 10:00 UTC (11:00 Europe/Berlin)
          lives until  2026-11-23 22:00 UTC (23:00 Europe/Berlin)
          enrolled     number 2, asked for by operator, at 2026-11-23 10:01 UTC (11:01 Europe/Berlin)
          narrowed to  contents:read on acme/api
        """,
        shell.run("agent", "show", "spiffe://writ.local/agent/" + ID).out());
  }

  @Test
  void kill_tells_what_became_of_each_writ() {
    broker.on(
        "POST " + PATH + "/kill",
        200,
        """
        {"results":[{"writ":"w-1","result":"revoked"},
         {"writ":"w-2","result":"dies_at","dies_at":"2026-11-23T10:17:00Z","why":"an internal token"}]}
        """);

    Ended kill = shell.run("agent", "kill", ID, "--reason", "runs wild", "--tree");

    assertEquals(0, kill.code());
    assertEquals(Shell.json("{\"reason\":\"runs wild\",\"tree\":true}"), broker.lastBody());
    assertEquals(
        """
        Killed 0192f0c8-7a1b-7000-8000-000000000001 and its descendants. Every request of theirs is refused from now on.
        WRIT  RESULT   WHEN                  NOTE
        w-1   revoked
        w-2   dies_at  2026-11-23 10:17 UTC  an internal token
        """,
        kill.out());
  }

  @Test
  void a_kill_whose_target_did_not_answer_ends_with_8_though_the_agent_is_dead() {
    broker.on(
        "POST " + PATH + "/kill", 200, "{\"results\":[{\"writ\":\"w-1\",\"result\":\"unknown\"}]}");

    Ended kill = shell.run("agent", "kill", ID);

    assertEquals(8, kill.code());
    assertEquals(Shell.json("{}"), broker.lastBody());
    assertTrue(kill.out().contains("1 not confirmed by the target"), kill::toString);
  }

  @Test
  void extend_says_until_when() {
    broker.on("POST " + PATH + "/extend", 200, "{\"expires_at\":\"2026-11-23T14:00:00Z\"}");

    Ended extend = shell.run("agent", "extend", ID, "--ttl", "4h");

    assertEquals(Shell.json("{\"ttl\":\"4h\"}"), broker.lastBody());
    assertEquals(
        "The agent " + ID + " lives until 2026-11-23 14:00 UTC (15:00 Europe/Berlin).\n",
        extend.out());
  }

  @Test
  void to_extend_a_dead_agent_ends_with_6_and_other_conflicts_with_1() {
    broker
        .on("POST " + PATH + "/extend", 409, "{\"detail\":\"It was killed.\"}")
        .on("GET " + PATH, 200, "{\"state\":\"killed\"}");
    assertEquals(6, shell.run("agent", "extend", ID, "--ttl", "4h").code());

    broker.on("GET " + PATH, 200, "{\"state\":\"live\"}");
    assertEquals(1, shell.run("agent", "extend", ID, "--ttl", "4h").code());
  }

  private static String listed(String state, String task) {
    return """
    {"id":"%s","state":"%s","policy":"operator","owner":"group:platform",
     "expires_at":"2026-11-23T22:00:00Z","labels":{"env":"prod","team":"web"},"task":"%s"}
    """
        .formatted(ID, state, task);
  }
}
