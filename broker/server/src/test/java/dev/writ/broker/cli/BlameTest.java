package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import dev.writ.broker.keys.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlameTest {
  private static final String HEX =
      "fcb7f8b5d25bc4eefd4d8a7d7d1a2ce0a66b41a0da87b6b21a4c7dc3bd2a2a33";

  private static final String AGENT = "0192f0c8-7a1b-7000-8000-000000000003";
  private static final String WRIT =
      """
      {"writ":"0192f0c9-0000-7000-8000-00000000000a","agent":"%s",
       "lineage":["0192f0c8-7a1b-7000-8000-000000000002","0192f0c8-7a1b-7000-8000-000000000001"],
       "launcher":"keycloak/client:orchestrator","requested_by":"user:ada","policy":"operator@7",
       "grant":[{"type":"internal","audience":"https://deploy.internal","scopes":["deploy:read"]}],
       "owner":"group:platform","accountable":"user:ada","enrolment":2,
       "issued_at":"2026-11-23T10:02:00Z","expires_at":"2026-11-23T10:17:00Z","sequence":4711}
      """
          .formatted(AGENT);

  @TempDir Path folder;
  private TestBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new TestBroker(folder).on("GET /v1/blame", 200, WRIT);
    shell = Shell.in(folder).environment(broker.environment());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void reads_like_a_sentence_with_a_small_tree() {
    assertEquals(
        """
        agent 0192f0c8-7a1b-7000-8000-000000000003 held `deploy:read at https://deploy.internal`
        from 10:02 to 10:17 UTC (11:02 to 11:17 Europe/Berlin) on 2026-11-23 under policy operator@7.
        Launched by keycloak/client:orchestrator for ada. group:platform answers for it; on duty was ada.

          0192f0c8-7a1b-7000-8000-000000000001
          └─ 0192f0c8-7a1b-7000-8000-000000000002
             └─ 0192f0c8-7a1b-7000-8000-000000000003  (held it)

          writ       0192f0c9-0000-7000-8000-00000000000a
          enrolment  2
          ledger     entry 4711
        """,
        shell.run("blame", HEX).out());
  }

  @Test
  void draws_the_tree_in_ascii_where_the_locale_has_no_more() {
    Ended blame = shell.charset(StandardCharsets.US_ASCII).run("blame", HEX);

    assertTrue(blame.out().contains("\n  `- 0192f0c8-7a1b-7000-8000-000000000002\n"), blame.out());
    assertTrue(blame.out().contains("\n     `- 0192f0c8-7a1b-7000-8000-000000000003  (held it)\n"));
    assertFalse(blame.out().contains("?"), blame.out());
  }

  @Test
  void json_is_what_the_broker_said_in_utf_8_whatever_the_locale() {
    broker.on("GET /v1/blame", 200, "{\"accountable\":\"user:zoë\"}");

    Ended blame = shell.charset(StandardCharsets.US_ASCII).run("blame", HEX, "--json");

    assertEquals(Shell.json("{\"accountable\":\"user:zoë\"}"), blame.json());
  }

  @Test
  void every_spelling_of_a_hash_asks_for_the_same() {
    String query = "token_sha256=" + "00ff".repeat(16);

    for (String spelling :
        new String[] {
          "00ff".repeat(16),
          "00FF".repeat(16),
          "AP8A/wD/AP8A/wD/AP8A/wD/AP8A/wD/AP8A/wD/AP8=",
          "AP8A_wD_AP8A_wD_AP8A_wD_AP8A_wD_AP8A_wD_AP8"
        }) {
      assertEquals(0, shell.run("blame", spelling).code(), spelling);
      assertEquals(query, broker.lastRequest().query(), spelling);
    }
  }

  @Test
  void a_uuid_is_a_jti() {
    shell.run("blame", AGENT.toUpperCase(Locale.ROOT));

    assertEquals("jti=" + AGENT, broker.lastRequest().query());
  }

  @Test
  void an_access_key_id_of_aws_is_one() {
    shell.run("blame", "ASIAIOSFODNN7EXAMPLE");

    assertEquals("aws_access_key_id=ASIAIOSFODNN7EXAMPLE", broker.lastRequest().query());
  }

  @Test
  void asks_by_agent_and_time_or_by_harness_and_session() {
    shell.run("blame", "--agent", AGENT, "--at", "2026-11-23T11:05:00+01:00");
    assertEquals("agent=" + AGENT + "&at=2026-11-23T10%3A05%3A00Z", broker.lastRequest().query());

    shell.run("blame", "--harness", "claude-code", "--session", "a b");
    assertEquals("harness=claude-code&session=a%20b", broker.lastRequest().query());
  }

  @Test
  void hashes_a_credential_here_and_sends_the_hash_alone() {
    broker.write("stolen", "credential\n");
    String hash = Digests.sha256Hex("credential".getBytes(StandardCharsets.UTF_8));

    Ended fromFile = shell.run("blame", "--token-file", "stolen");
    assertEquals("token_sha256=" + hash, broker.lastRequest().query());
    shell.input("credential").run("blame", "--token-file", "-");
    assertEquals("token_sha256=" + hash, broker.lastRequest().query());

    assertEquals(0, fromFile.code());
    assertFalse(broker.lastRequest().toString().contains("credential"));
  }

  @Test
  void a_credential_on_the_command_line_is_refused_and_not_repeated() {
    for (String credential : new String[] {"eyJhbGciOi.eyJpc3Mi.c2ln", "ghs_0123456789abcdef"}) {
      Ended blame = shell.run("blame", credential);

      assertEquals(2, blame.code());
      assertFalse(blame.toString().contains(credential), blame::toString);
      assertTrue(blame.err().contains("--token-file"), blame::toString);
    }
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void a_hash_with_loose_last_bits_is_refused() {
    assertEquals(2, shell.run("blame", "AP8A_wD_AP8A_wD_AP8A_wD_AP8A_wD_AP8A_wD_AP9").code());
  }

  @Test
  void wants_to_know_one_thing_wholly() {
    assertEquals(2, shell.run("blame").code());
    assertEquals(
        2, shell.run("blame", HEX, "--agent", AGENT, "--at", "2026-11-23T10:00:00Z").code());
    assertEquals(2, shell.run("blame", "--agent", AGENT).code());
    assertEquals(2, shell.run("blame", "--session", "s").code());
    assertTrue(broker.requests().isEmpty());
  }

  @Test
  void an_owner_who_is_a_person_is_named_once_and_days_are_told_when_they_differ() {
    broker.on(
        "GET /v1/blame",
        200,
        """
        {"writ":"w","agent":"%s","lineage":[],"launcher":"operator","policy":"p@1",
         "grant":[{"type":"github","repositories":["acme/api","acme/web"],
         "permissions":{"contents":"read"}}],"owner":"user:ada","accountable":"user:ada",
         "issued_at":"2026-11-23T23:50:00Z","expires_at":"2026-11-24T00:05:07Z"}
        """
            .formatted(AGENT));

    assertEquals(
        """
        agent 0192f0c8-7a1b-7000-8000-000000000003 held `contents:read on acme/api, acme/web`
        from 2026-11-23 23:50 UTC to 2026-11-24 00:05:07 UTC under policy p@1.
        Launched by operator. ada answers for it.

          writ  w
        """,
        shell.zone("UTC").run("blame", HEX).out());
  }

  @Test
  void an_unknown_credential_ends_with_1() {
    broker.on("GET /v1/blame", 404, "{\"detail\":\"There is no such thing here.\"}");

    Ended blame = shell.run("blame", HEX);

    assertEquals(1, blame.code());
    assertEquals("writ: There is no such thing here.\n", blame.err());
  }

  @Test
  void finds_the_token_that_an_event_of_githubs_audit_log_names() {
    String event =
        "{\"action\":\"git.push\",\"hashed_token\":\"%s\",\"repo\":\"acme/api\"}"
            .formatted(
                java.util.Base64.getEncoder()
                    .encodeToString(java.util.HexFormat.of().parseHex(HEX)));

    Ended blame = shell.input(event).run("blame", "-");

    assertTrue(blame.out().startsWith("agent " + AGENT), blame.out());
    assertEquals("token_sha256=" + HEX, broker.lastRequest().query());
  }

  @Test
  void finds_the_access_key_that_an_event_of_cloudtrail_names() {
    String event =
        "{\"Records\":[{\"eventName\":\"GetObject\",\"userIdentity\":{\"type\":\"AssumedRole\",\"accessKeyId\":\"ASIAEXAMPLE012345678\"}}]}";

    shell.input(event).run("blame", "-");

    assertEquals("aws_access_key_id=ASIAEXAMPLE012345678", broker.lastRequest().query());
  }

  @Test
  void events_that_name_nothing_and_what_is_no_event_are_told_apart() {
    assertTrue(shell.input("{\"a\":1}").run("blame", "-").err().contains("name no credential"));
    Ended none = shell.input("ghs_secret is what I have").run("blame", "-");
    assertTrue(none.err().contains("no JSON"), none.err());
    assertFalse(none.err().contains("ghs_secret"));
  }
}
