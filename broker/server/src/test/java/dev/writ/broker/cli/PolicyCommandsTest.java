package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandsTest {
  private static final String OPERATOR =
      """
      name: operator
      description: Deploys
      lifetime: { agent: 12h, credential: 1h }
      launch: [ operator ]
      grants:
        - internal:
            audience: https://deploy.internal
            scopes: [ "deploy:read", "deploy:staging" ]
      """;
  private static final String DANGEROUS =
      """
      name: dangerous
      lifetime: { agent: 12h, credential: 30m }
      launch: [ operator ]
      grants:
        - github:
            account: acme
            repositories: [ "*" ]
            permissions: { contents: read }
            i-know: mirrors all of them
      """;
  private static final String BROKEN =
      """
      name: Broken
      lifetime: { agent: 12h }
      launch: [ operator ]
      grants: []
      """;
  private static final String PUBLISHED =
      """
      {"name":"operator","version":7,"author":"user:ada","comment":"less","at":"2026-11-23T10:00:00Z",
       "flags":[{"severity":"danger","grant":"github acme","message":"reaches far"}],
       "policy":{"name":"operator","lifetime":{"agent":"12h","credential":"1h"},
       "launch":["operator"],"grants":[{"internal":{"audience":"https://deploy.internal",
       "scopes":["deploy:read"]}}]}}
      """;

  @TempDir Path folder;
  private Path policies;
  private TestBroker broker;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    policies = Files.createDirectory(folder.resolve("policies"));
    broker = new TestBroker(folder);
    shell = Shell.in(folder).environment(broker.environment());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(policies.resolve(name), text);
  }

  @Test
  void check_shows_every_error_with_its_place_and_dangers_and_asks_nobody() throws IOException {
    write("broken.yaml", BROKEN);
    write("dangerous.yml", DANGEROUS);
    write("operator.yaml", OPERATOR);
    write(".hidden.yaml", BROKEN);
    write("notes.txt", BROKEN);

    Ended check = shell.run("policy", "check", "policies");

    assertEquals(1, check.code());
    assertEquals(
        """
        policies/broken.yaml: 2 errors
          line 1, column 7: expected a policy name of 1 to 63 characters a-z, 0-9 and -, got "Broken"
          line 2, column 11: missing key "credential"
        policies/dangerous.yml: dangerous is sound, 1 grant
          DANGER  github acme: "*" means every repository of the installation, later ones included (i-know: mirrors all of them)
        policies/operator.yaml: operator is sound, 1 grant
        3 policies, 1 with errors.
        """,
        check.out());
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void check_of_sound_policies_ends_with_0() throws IOException {
    write("operator.yaml", OPERATOR);

    Ended check = shell.run("policy", "check", "policies/operator.yaml");

    assertEquals(0, check.code());
    assertTrue(check.out().endsWith("1 policy, all sound.\n"), check::toString);
  }

  @Test
  void dangers_are_red_on_a_terminal_only() throws IOException {
    write("dangerous.yaml", DANGEROUS);

    assertTrue(
        shell.inColour().run("policy", "check", "policies").out().contains("\u001b[31mDANGER"));
    assertFalse(shell.run("policy", "check", "policies").out().contains("\u001b"));
  }

  @Test
  void check_in_json_is_one_object_with_everything() throws IOException {
    write("broken.yaml", BROKEN);
    write("dangerous.yaml", DANGEROUS);

    JsonNode policies = shell.run("policy", "check", "--json", "policies").json().path("policies");

    assertEquals(2, policies.size());
    assertFalse(policies.path(0).path("valid").asBoolean());
    assertEquals(
        "line 1, column 7", policies.path(0).path("errors").path(0).path("place").asText());
    assertEquals("dangerous", policies.path(1).path("name").asText());
    assertEquals("danger", policies.path(1).path("flags").path(0).path("severity").asText());
  }

  @Test
  void a_name_that_stands_in_two_files_is_an_error() throws IOException {
    write("a.yaml", OPERATOR);
    write("b.yaml", OPERATOR);

    Ended check = shell.run("policy", "check", "policies");

    assertEquals(1, check.code());
    assertTrue(
        check.out().contains("policies/b.yaml: 1 error\n  name: the policy operator stands in"));
  }

  @Test
  void check_uses_the_limits_and_targets_of_a_configuration_at_hand() throws IOException {
    write("operator.yaml", OPERATOR);
    write("dangerous.yaml", DANGEROUS);
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        issuer: https://deploy.internal
        limits: { credential-lifetime: 45m }
        """);

    Ended check = shell.run("policy", "check", "policies");

    assertTrue(check.out().contains("expected 1s to 45m, got 1h"), check::toString);
    assertTrue(check.out().contains("line 7, column 17: "), check::toString);
    assertTrue(
        check.out().contains("note  github acme: is not configured in this broker"),
        check::toString);
  }

  @Test
  void check_of_an_empty_folder_or_of_nothing_is_no_success() throws IOException {
    assertEquals(1, shell.run("policy", "check", "policies").code());
    assertEquals(2, shell.run("policy", "check", "nowhere").code());
    assertEquals(2, shell.run("policy", "check").code());
  }

  @Test
  void show_lists_what_the_broker_has() {
    broker.on(
        "GET /v1/policies",
        200,
        """
        {"policies":[
          {"name":"operator","version":7,"description":"Deploys","withdrawn":false,"flags":[]},
          {"name":"old","version":2,"withdrawn":true,
           "flags":[{"severity":"DANGER","grant":"g","message":"m"}]}]}
        """);

    assertEquals(
        """
        POLICY      STATE      FLAGS      DESCRIPTION
        operator@7                        Deploys
        old@2       withdrawn  DANGER: 1
        """,
        shell.run("policy", "show").out());
  }

  @Test
  void show_prints_a_policy_as_one_would_write_it() {
    broker.on("GET /v1/policies/operator?version=7", 200, PUBLISHED);

    Ended show = shell.run("policy", "show", "operator@7");

    assertEquals(0, show.code(), show::toString);
    assertTrue(
        show.out()
            .startsWith(
                """
                operator@7
                  author   user:ada
                  comment  less
                  since    2026-11-23 10:00 UTC (11:00 Europe/Berlin)
                  DANGER  github acme: reaches far

                name: operator
                """),
        show::toString);
  }

  @Test
  void try_tells_what_an_agent_would_get() throws IOException {
    write("operator.yaml", OPERATOR);

    Ended tried =
        shell.run(
            "policy",
            "try",
            "--file",
            "policies/operator.yaml",
            "--audience",
            "https://deploy.internal",
            "--scope",
            "deploy:read");

    assertEquals(0, tried.code());
    assertEquals(
        """
        Granted under operator, for at most 1h:
          deploy:read at https://deploy.internal
        """,
        tried.out());
  }

  @Test
  void try_tells_why_not_and_ends_with_4() throws IOException {
    write("operator.yaml", OPERATOR);

    Ended tried =
        shell.run(
            "policy",
            "try",
            "--file",
            "policies/operator.yaml",
            "--request",
            "{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[\"deploy:prod\"]}");

    assertEquals(4, tried.code());
    assertEquals(
        """
        Denied (invalid_scope):
          asked for:  deploy:prod at https://deploy.internal
          allowed:    deploy:read, deploy:staging at https://deploy.internal
          rule:       scopes of policy operator
          what to do: not granted: deploy:prod; ask only for scopes under "allowed", or have the policy changed
        """,
        tried.out());
  }

  @Test
  void try_asks_the_broker_for_its_policy_and_judges_it_here() {
    broker.on("GET /v1/policies/operator", 200, PUBLISHED);

    Ended granted =
        shell.run("policy", "try", "operator", "--json", "--audience", "https://deploy.internal");
    assertEquals(0, granted.code());
    assertEquals("operator@7", granted.json().path("policy").asText());
    assertEquals(Shell.json("[\"deploy:read\"]"), granted.json().path("grant").path("scopes"));

    Ended denied =
        shell.run(
            "policy", "try", "operator", "--json", "--resource", "https://github.com/acme/api");
    assertEquals(4, denied.code());
    assertEquals("invalid_target", denied.json().path("error").asText());
    assertEquals("operator@7", denied.json().path("denial").path("policy").asText());
  }

  @Test
  void try_wants_one_policy_and_one_request() throws IOException {
    write("operator.yaml", OPERATOR);
    String file = "policies/operator.yaml";

    assertEquals(2, shell.run("policy", "try", "--file", file).code());
    assertEquals(2, shell.run("policy", "try", "--audience", "https://d").code());
    assertEquals(
        2, shell.run("policy", "try", "operator", "--file", file, "--audience", "x").code());
    assertEquals(2, shell.run("policy", "try", "--file", file, "--scope", "a").code());
    assertEquals(2, shell.run("policy", "try", "--file", file, "--request", "nonsense").code());
    assertEquals(
        2, shell.run("policy", "try", "--file", file, "--audience", "x", "--resource", "y").code());
  }

  @Test
  void apply_sends_all_policies_of_the_folder_at_once() throws IOException {
    write("operator.yaml", OPERATOR);
    write("dangerous.yaml", DANGEROUS);
    broker.on(
        "POST /v1/policies/apply",
        200,
        """
        {"applied":[{"name":"dangerous","version":1,"change":"new"},
         {"name":"operator","version":7,"change":"unchanged"},
         {"name":"old","version":2,"change":"withdrawn"}]}
        """);

    Ended apply = shell.run("policy", "apply", "policies", "--comment", "spring cleaning");

    assertEquals(0, apply.code(), apply::toString);
    assertEquals("spring cleaning", broker.lastBody().path("comment").asText());
    assertEquals(2, broker.lastBody().path("policies").size());
    assertEquals("dangerous", broker.lastBody().path("policies").path(0).path("name").asText());
    assertEquals(
        """
        POLICY       CHANGE
        dangerous@1  new
        operator@7   unchanged
        old@2        withdrawn
        """,
        apply.out());
  }

  @Test
  void apply_says_where_policies_are_administered_that_it_may_not_apply() throws IOException {
    write("operator.yaml", OPERATOR);
    broker.on(
        "POST /v1/policies/apply",
        409,
        """
        {"type":"urn:writ:problem:administered-elsewhere","title":"Conflict","status":409,
         "detail":"The policies are administered in Keycloak at https://kc/realms/acme; change them there."}
        """);

    Ended apply = shell.run("policy", "apply", "policies", "--comment", "c");

    assertEquals(1, apply.code(), apply::toString);
    assertTrue(
        apply.err().contains("administered in Keycloak at https://kc/realms/acme"),
        apply::toString);
  }

  @Test
  void apply_sends_nothing_when_anything_is_wrong_or_missing() throws IOException {
    Ended empty = shell.run("policy", "apply", "policies", "--comment", "c");
    assertEquals(1, empty.code());
    assertTrue(empty.err().contains("would withdraw every policy"), empty::toString);

    write("operator.yaml", OPERATOR);
    write("broken.yaml", BROKEN);
    Ended broken = shell.run("policy", "apply", "policies", "--comment", "c");
    assertEquals(1, broken.code());
    assertTrue(broken.err().contains("line 1, column 7"), broken::toString);

    assertEquals(2, shell.run("policy", "apply", "policies").code());
    assertTrue(broker.requests().isEmpty());
  }
}
