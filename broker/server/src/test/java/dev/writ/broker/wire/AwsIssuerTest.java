package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.cli.Cli;
import dev.writ.broker.cli.Surroundings;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.writ.TestWrits;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.s3.S3Keys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The separate issuer that STS reads: published, rotated, exported. */
@NeedsS3
class AwsIssuerTest {
  private static final AwsStage AWS = new AwsStage();

  @RegisterExtension
  static final TestBroker BROKER =
      AWS.settingsFor(
          TestBroker.withPolicy(
              "reader",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - aws:
                    role: arn:aws:iam:::role/agents
                    allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/in/*" ] } ]
              """),
          "1s");

  @TempDir Path folder;

  @BeforeAll
  static void fills() {
    AWS.s3().put("work", "in/a.txt", "a");
  }

  @AfterAll
  static void stops() {
    AWS.close();
  }

  @AfterEach
  void publishes() {
    AWS.publishesLive();
  }

  @Test
  void sessions_are_had_at_two_nodes_while_the_key_is_replaced_and_each_opens_the_store()
      throws IOException {
    AgentClient here = BROKER.agent("reader");
    try (AgentClient there = here.copyAt(BROKER.secondNode())) {
      Set<String> signed = new HashSet<>();
      int life = 900;
      for (int round = 0; round < 4; round++) {
        BROKER
            .operator()
            .send("POST", "/v1/keys/sts/rotate", Map.of(), "{\"now\":true}")
            .expect(200);
        for (AgentClient agent : List.of(here, there, here, there)) {
          Ask another = Ask.resource(AwsStage.ROLE).ttl(life++);
          assertReads(AwsStage.keys(agent.exchange(Via.MTLS, another)));
          signed.add(signedBy());
        }
      }
      assertEquals(4, signed.size());
    }
  }

  private static S3Keys session(AgentClient agent) {
    return AwsStage.keys(agent.exchange(Via.MTLS, Ask.resource(AwsStage.ROLE)));
  }

  private static void assertReads(S3Keys keys) {
    assertEquals(200, AWS.s3().send(keys, "GET", "/work/in/a.txt", "").status());
  }

  /** As the upkeep does when a key is old enough. */
  private static void rotate() {
    new TokenKeys(
            KeySlot.STS,
            KeyProviders.load()
                .sealer(
                    KeyRef.parse("file:" + BROKER.keys().resolve("envelope.key"), Path.of("/"))),
            new KeySchedule.Timing(Duration.ZERO, Duration.ofHours(1)),
            Duration.ZERO)
        .upkeep(new TestWrits(BROKER.database()).acts());
  }

  private static JsonNode keys() {
    return BROKER
        .anybody()
        .get(URI.create(BROKER.url() + "/sts/jwks"))
        .expect(200)
        .json()
        .path("keys");
  }

  private static String signedBy() {
    String header = AWS.lastCall().get("WebIdentityToken").split("\\.")[0];
    return AwsStage.json(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
        .path("kid")
        .asText();
  }

  @Test
  void rotation_of_the_sts_key_goes_unnoticed() {
    AgentClient agent = BROKER.agent("reader");
    S3Keys before = session(agent);
    String old = signedBy();

    rotate();

    S3Keys after = session(BROKER.agent("reader"));
    assertReads(before);
    assertReads(after);
    assertNotEquals(old, signedBy());
  }

  @Test
  void the_first_published_key_is_the_one_that_signs_with_one_certificate() {
    for (int i = 0; i < 3; i++) {
      session(BROKER.agent("reader"));
      JsonNode first = keys().path(0);
      assertEquals(signedBy(), first.path("kid").asText());
      keys().forEach(key -> assertEquals(1, key.path("x5c").size()));
      rotate();
      session(BROKER.agent("reader"));
    }
    assertTrue(keys().size() > 2, "the successor and the retired ones are published, too");
  }

  @Test
  void a_store_reads_the_exported_files_and_needs_no_way_to_the_broker() throws IOException {
    AgentClient agent = BROKER.agent("reader");
    export();
    AWS.publishes(folder.resolve("site"));

    assertReads(session(agent));

    rotate();
    AgentClient other = BROKER.agent("reader");
    Reply behind = other.exchange(Via.MTLS, Ask.resource(AwsStage.ROLE)).expect(400);
    assertEquals("target_refused", behind.text("reason"));
    assertTrue(behind.text("error_description").contains("docs/aws.md"), behind::body);
    export();
    assertReads(session(other));
  }

  private void export() throws IOException {
    Path ca = Files.writeString(folder.resolve("ca.pem"), BROKER.bundle());
    Path token = folder.resolve("token");
    Files.writeString(token, BROKER.operatorHeader().substring("Bearer ".length()));
    Files.setPosixFilePermissions(
        token, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        folder.resolve("writ.yaml"),
        "aws: [ { account: \"\", sts: \"http://localhost:1\", issuer: \"%s\", session-min: 1s } ]\n"
            .formatted(AWS.issuer()));
    var said = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    var surroundings =
        new Surroundings(
            Map.of(
                "WRIT_URL", BROKER.url().toString(),
                "WRIT_CA", ca.toString(),
                "WRIT_TOKEN_FILE", token.toString()),
            folder,
            new ByteArrayInputStream(new byte[0]),
            said,
            said,
            ZoneOffset.UTC,
            false);
    int code =
        new Cli(
                surroundings,
                config -> {
                  throw new IllegalStateException("no broker is to be started");
                })
            .run("issuer", "export", "site");
    assertEquals(0, code);
  }
}
