package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.keys.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
  @TempDir Path folder;
  private TestBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new TestBroker(folder).on("GET /v1/agents", 200, "{\"agents\":[]}");
    shell = Shell.in(folder).environment(broker.environment());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private Shell with(String variable, String value) {
    Map<String, String> environment = new HashMap<>(broker.environment());
    environment.put(variable, value);
    return shell.environment(environment);
  }

  private Shell without(String variable) {
    Map<String, String> environment = new HashMap<>(broker.environment());
    environment.remove(variable);
    return shell.environment(environment);
  }

  private void configure(Path data) throws IOException {
    Files.createDirectories(data);
    Files.copy(folder.resolve("bundle.pem"), data.resolve("bundle.pem"));
    Files.writeString(data.resolve("operator-token"), "operators-own\n");
    Files.writeString(
        folder.resolve("writ.yaml"),
        "listen: { port: %d }\ndata: %s\n".formatted(broker.url().getPort(), data));
  }

  @Test
  void help_names_every_command_and_ends_with_0() {
    Ended help = shell.run("--help");

    assertEquals(0, help.code());
    for (String command : new String[] {"agent", "policy", "owner", "blame", "demo", "bench"}) {
      assertTrue(help.out().contains("\n  " + command + " "), command);
    }
  }

  @Test
  void a_wrong_command_line_ends_with_2_and_says_what_was_meant() {
    Ended wrong = shell.run("agent", "sho");

    assertEquals(2, wrong.code());
    assertEquals("", wrong.out());
    assertEquals(
        """
        writ: Unmatched argument at index 1: 'sho'; did you mean show?
        See `writ agent --help`.
        """,
        wrong.err());
    assertEquals(2, shell.run().code());
    assertEquals(2, shell.run("agent").code());
    assertEquals(2, shell.run("agent", "ls", "--nope").code());
    assertEquals(2, shell.run("agent", "show", "not-a-uuid").code());
  }

  @Test
  void an_error_in_json_is_one_object_on_standard_output_and_words_on_the_other() {
    broker.on("GET /v1/agents", 401, "{\"detail\":\"The token has expired.\"}");

    Ended ls = shell.run("agent", "ls", "--json");

    assertEquals(3, ls.code());
    assertEquals("not_logged_in", ls.json().path("error").asText());
    assertEquals(3, ls.json().path("exit").asInt());
    assertEquals("The token has expired.", ls.json().path("answer").path("detail").asText());
    assertTrue(ls.err().startsWith("writ: The token has expired.\n"), ls::toString);
    assertEquals(
        "usage", shell.run("agent", "ls", "--json", "--nope").json().path("error").asText());
  }

  @Test
  void exit_codes_say_what_kind_of_failure_it_was() {
    for (int[] pair :
        new int[][] {
          {400, 1}, {401, 3}, {403, 4}, {404, 1}, {409, 1}, {429, 1}, {500, 1}, {503, 7}
        }) {
      broker.on("GET /v1/agents", pair[0], "{\"detail\":\"No.\"}");
      assertEquals(pair[1], shell.run("agent", "ls").code(), "for status " + pair[0]);
    }
    broker.on("GET /v1/agents", 400, "{\"error\":\"invalid_request\",\"reason\":\"agent_killed\"}");
    assertEquals(6, shell.run("agent", "ls").code());
  }

  @Test
  void every_error_of_a_document_is_shown_with_its_place() {
    broker.on(
        "GET /v1/agents",
        400,
        """
        {"detail":"2 things are wrong","errors":[{"pointer":"/ttl","detail":"too long"},
         {"pointer":"","detail":"no owner"}]}
        """);

    assertEquals(
        "writ: 2 things are wrong\n/ttl: too long\nno owner\n", shell.run("agent", "ls").err());
  }

  @Test
  void nobody_listening_is_unreachable() {
    int port = broker.url().getPort();
    broker.close();

    Ended ls = shell.run("agent", "ls");

    assertEquals(7, ls.code());
    assertTrue(
        ls.err().startsWith("writ: No broker answers at https://localhost:" + port + "."),
        ls::toString);
  }

  @Test
  void a_server_that_the_bundle_does_not_vouch_for_is_told_no_token() {
    broker.write("other.pem", TestCa.create("another").pem());

    Ended ls = with("WRIT_CA", folder.resolve("other.pem").toString()).run("agent", "ls");

    assertEquals(7, ls.code(), ls::toString);
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void a_redirect_is_not_followed() {
    broker.on(
        "GET /v1/agents", new Answer.Whole(307, Map.of("Location", broker.url() + "/v2"), "{}"));

    assertEquals(1, shell.run("agent", "ls").code());
    assertEquals(1, broker.requests().size());
  }

  @Test
  void an_answer_that_breaks_off_is_asked_for_once_only() {
    broker.on("POST /v1/agents", new Answer.Cut(Answer.json(201, "{\"id\":\"x\"}"), 0));

    Ended launch = shell.run("agent", "launch", "--policy", "p");

    assertEquals(7, launch.code());
    assertTrue(launch.err().contains("may have been done all the same"), launch::toString);
    assertEquals(1, broker.requests().size());
  }

  @Test
  void an_answer_that_is_no_broker_s_is_a_failure() {
    broker.on("GET /v1/agents", new Answer.Whole(200, Map.of(), "<html>hello</html>"));

    assertEquals(1, shell.run("agent", "ls").code());
  }

  @Test
  void finds_the_broker_by_the_configuration_in_the_working_directory() throws IOException {
    configure(folder.resolve("data"));

    assertEquals(0, shell.environment(Map.of()).run("agent", "ls").code());
    assertEquals("Bearer operators-own", broker.lastRequest().header("Authorization"));
  }

  @Test
  void a_token_for_the_broker_in_the_environment_goes_to_no_other() throws IOException {
    configure(folder.resolve("data"));

    Ended ls =
        with("WRIT_URL", "https://elsewhere.example").run("agent", "ls", "--config", "writ.yaml");

    assertEquals(0, ls.code(), ls::toString);
    assertEquals("Bearer operators-own", broker.lastRequest().header("Authorization"));
  }

  @Test
  void a_token_in_the_environment_without_a_url_is_for_the_configured_broker() throws IOException {
    configure(folder.resolve("data"));

    assertEquals(0, without("WRIT_URL").run("agent", "ls").code());
    assertEquals("Bearer " + TestBroker.TOKEN, broker.lastRequest().header("Authorization"));
  }

  @Test
  void the_certificate_must_name_the_issuer_s_host_whatever_is_dialled() throws IOException {
    configure(folder.resolve("data"));
    Path file = folder.resolve("writ.yaml");
    String text = Files.readString(file);

    Files.writeString(file, "issuer: https://127.0.0.1\ntrust-domain: writ.local\n" + text);
    assertEquals(0, shell.environment(Map.of()).run("agent", "ls").code());
    Files.writeString(file, "issuer: https://writ.example\n" + text);
    assertEquals(7, shell.environment(Map.of()).run("agent", "ls").code());
  }

  @Test
  void without_a_broker_s_data_it_says_how_to_get_one() {
    Ended ls = shell.environment(Map.of()).run("agent", "ls");

    assertEquals(7, ls.code());
    assertTrue(ls.err().contains("`writ serve`"), ls::toString);
  }

  @Test
  void half_of_the_environment_is_told_what_is_missing() {
    assertEquals(2, without("WRIT_CA").run("agent", "ls").code());
    assertEquals(3, without("WRIT_TOKEN_FILE").run("agent", "ls").code());
    assertEquals(3, with("WRIT_TOKEN_FILE", "nowhere").run("agent", "ls").code());
    assertEquals(2, with("WRIT_URL", "http://localhost:1").run("agent", "ls").code());
    assertEquals(1, with("WRIT_CA", folder.resolve("token").toString()).run("agent", "ls").code());
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void a_token_file_with_something_else_in_it_is_not_repeated() {
    broker.write("token", "two words\nSECRET");

    Ended ls = shell.run("agent", "ls");

    assertEquals(3, ls.code());
    assertFalse(ls.toString().contains("SECRET"), ls::toString);
  }

  @Test
  void a_broken_configuration_tells_all_that_is_wrong_and_where() throws IOException {
    Files.writeString(folder.resolve("writ.yaml"), "listen: { port: 99999 }\nisuer: x\n");

    Ended ls = shell.environment(Map.of()).run("agent", "ls");

    assertEquals(2, ls.code());
    assertTrue(ls.err().contains("writ.yaml, line 1"), ls::toString);
    assertTrue(ls.err().contains("writ.yaml, line 2"), ls::toString);
    assertEquals(2, shell.run("agent", "ls", "--config", "nowhere.yaml").code());
  }
}
