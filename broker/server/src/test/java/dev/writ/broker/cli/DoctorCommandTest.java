package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.bertramlabs.plugins.hcl4j.HCLParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final String CHECKS =
      """
      {"checks":[
        {"area":"github","subject":"App 1","status":"ok","found":"GitHub accepts what its key signs."},
        {"area":"github","subject":"acme (App 1)","status":"fail","found":"The installation is suspended.","do":"Let an owner of acme lift that."},
        {"area":"clock","subject":"database","status":"warn","found":"It is \\u001b[31mfar\\u202e off.","do":"Set it."}],
       "checked_at":"2026-11-23T10:00:00Z"}
      """;

  private static final String ACCOUNT =
      """
      trust-domain: writ.example
      issuer: https://writ.example
      aws: [ { account: "123456789012", sts: "https://sts.eu-central-1.amazonaws.com", issuer: "https://ids.example/sts" } ]
      """;

  private static final String ROLE = "arn:aws:iam::123456789012:role/ci/agents";

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
  void says_what_is_wrong_and_what_to_do_and_ends_with_1() {
    broker.on("GET /v1/doctor", 200, CHECKS);

    Ended doctor = shell.run("doctor");

    assertEquals(1, doctor.code());
    assertEquals(
        """
        github
          ok    App 1: GitHub accepts what its key signs.
          FAIL  acme (App 1): The installation is suspended.
                Let an owner of acme lift that.
        clock
          warn  database: It is \\u{1b}[31mfar\\u{202e} off.
                Set it.
        1 of 3 checks failed, 1 to look at.
        """,
        doctor.out());
  }

  @Test
  void a_warning_alone_ends_with_0() {
    broker.on(
        "GET /v1/doctor?area=clock%2Cdatabase",
        200,
        "{\"checks\":[{\"area\":\"clock\",\"subject\":\"a\",\"status\":\"warn\",\"found\":\"b\",\"do\":\"c\"}]}");

    Ended doctor = shell.run("doctor", "clock", "database");

    assertEquals(0, doctor.code(), doctor.err());
    assertTrue(doctor.out().endsWith("Nothing failed in 1 check, 1 to look at.\n"), doctor.out());
  }

  @Test
  void json_is_the_brokers_object_with_the_same_exit_code() {
    broker.on("GET /v1/doctor", 200, CHECKS);

    Ended doctor = shell.run("doctor", "--json");

    assertEquals(1, doctor.code());
    assertEquals(3, doctor.json().path("checks").size());
    assertEquals("fail", doctor.json().path("checks").get(1).path("status").asText());
  }

  @Test
  void an_area_that_does_not_exist_is_a_usage_error_and_asks_nobody() {
    Ended doctor = shell.run("doctor", "weather");

    assertEquals(2, doctor.code());
    assertTrue(
        doctor.err().contains("Expected some of github, aws, clock, database"), doctor.err());
    assertEquals(0, broker.requests().size());
  }

  @Test
  void who_may_not_is_told_so() {
    broker.on("GET /v1/doctor", 404, "{\"detail\":\"There is no such thing here.\"}");

    assertEquals(1, shell.run("doctor").code());
  }

  private Shell withoutBroker(String yaml) throws IOException {
    Files.writeString(folder.resolve("writ.yaml"), yaml);
    return Shell.in(folder);
  }

  private Path key(String name, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "no key at all");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void without_a_broker_it_looks_from_here_and_says_that_this_is_all() throws IOException {
    key("app.pem", "rw-r--r--");

    Ended doctor =
        withoutBroker(
                """
                github: [ { app-id: "1", key: "file:app.pem", accounts: [ acme ] } ]
                """)
            .run("doctor");

    assertEquals(7, doctor.code());
    assertTrue(doctor.out().startsWith("The broker did not look: it does not answer."));
    assertTrue(doctor.out().contains("  ok    file: It is sound.\n"), doctor.out());
    assertTrue(doctor.out().contains("FAIL  App 1: Its key cannot be read: "), doctor.out());
    assertTrue(doctor.out().contains("chmod 600"), doctor.out());
    assertTrue(doctor.out().contains("It is the broker's own"), doctor.out());
    assertTrue(doctor.err().contains("Start one with `writ serve`"), doctor.err());
    assertFalse(doctor.toString().contains("no key at all"));
    assertFalse(Files.exists(folder.resolve("data")), "looking makes nothing");
  }

  @Test
  void without_a_broker_it_asks_the_database_itself() throws IOException {
    Ended doctor =
        withoutBroker("database: { url: \"postgresql://localhost:1/writ\" }\n")
            .run("doctor", "database", "--json");

    assertEquals(7, doctor.code());
    JsonNode checks = doctor.json().path("checks");
    JsonNode last = checks.get(checks.size() - 1);
    assertEquals("fail", last.path("status").asText());
    assertTrue(last.path("found").asText().contains("postgresql://localhost:1/writ"));
    assertFalse(doctor.json().path("broker").asText().isEmpty());
  }

  @Test
  void prints_the_trust_policy_that_the_documentation_shows() throws IOException {
    Ended printed = withoutBroker(ACCOUNT).run("doctor", "aws", "--trust", ROLE);

    assertEquals(0, printed.code(), printed.err());
    String shown = Files.readString(Path.of("../../docs/aws.md"));
    Matcher block = Pattern.compile("(?s)```json trust\n(.*?)```").matcher(shown);
    assertTrue(block.find());
    assertEquals(Shell.json(block.group(1)), Shell.json(printed.out()));
  }

  @Test
  void prints_terraform_that_a_parser_reads() throws Exception {
    Ended printed = withoutBroker(ACCOUNT).run("doctor", "--terraform", ROLE);

    assertEquals(0, printed.code(), printed.err());
    JsonNode resources =
        new ObjectMapper().valueToTree(new HCLParser().parse(printed.out()).get("resource"));
    JsonNode provider = resources.path("aws_iam_openid_connect_provider").path("writ");
    JsonNode role = resources.path("aws_iam_role").path("agents");
    assertEquals("https://ids.example/sts", provider.path("url").asText());
    assertEquals("[\"sts.amazonaws.com\"]", provider.path("client_id_list").toString());
    assertEquals("agents", role.path("name").asText());
    assertEquals("/ci/", role.path("path").asText());
    assertEquals(3600, role.path("max_session_duration").asInt());
    assertTrue(
        printed.out().contains("\"Federated\" = aws_iam_openid_connect_provider.writ.arn"),
        printed.out());
  }

  @Test
  void a_role_of_an_account_that_is_not_configured_is_a_usage_error() throws IOException {
    Shell configured = withoutBroker(ACCOUNT);

    Ended other = configured.run("doctor", "--trust", "arn:aws:iam::210987654321:role/agents");
    Ended none = configured.run("doctor", "--trust", "agents");
    Ended both = configured.run("doctor", "github", "--trust", ROLE);

    assertEquals(2, other.code());
    assertTrue(other.err().contains("names \"123456789012\""), other.err());
    assertEquals(2, none.code());
    assertTrue(none.err().contains("expected a role's ARN"), none.err());
    assertEquals(2, both.code());
  }
}
