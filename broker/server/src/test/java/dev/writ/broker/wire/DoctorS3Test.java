package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of roles at a real S3 store whose trust is right, and wrong. */
@NeedsS3
class DoctorS3Test {
  private static final AwsStage AWS = new AwsStage();
  private static final String ROLE = "arn:aws:iam:::role/agents";

  @TempDir Path folder;

  @RegisterExtension
  static final TestBroker BROKER =
      AWS.settingsFor(
          TestBroker.withPolicy(
                  "operator",
                  """
                  lifetime: { agent: 12h, credential: 1h }
                  launch: [ "operator" ]
                  grants:
                    - aws:
                        role: arn:aws:iam:::role/agents
                        allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/in/*" ] } ]
                  """)
              .policy(
                  "wanderer",
                  """
                  lifetime: { agent: 12h, credential: 1h }
                  launch: [ "operator" ]
                  grants:
                    - aws:
                        role: arn:aws:iam::210987654321:role/agents
                        allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/*" ] } ]
                  """),
          "1s");

  @AfterAll
  static void stops() {
    AWS.close();
  }

  @AfterEach
  void mends() {
    AWS.publishesLive();
    AWS.s3().role("agents", AWS.issuer());
  }

  private static Examined examined() throws InterruptedException {
    return Examined.now(BROKER, "aws");
  }

  private static void trust(String member, String value) {
    String issuer = AWS.issuer().toString().replace("http://", "");
    AWS.s3()
        .role("agents", AWS.issuer(), Map.of("StringLike", Map.of(issuer + ":" + member, value)));
  }

  @Test
  void a_trust_that_works_is_told_with_the_end_of_a_session_that_may_do_nothing()
      throws InterruptedException {
    Examined examined = examined();

    assertEquals(List.of(), examined.failed());
    examined.line("ok " + ROLE, "Its trust works", "may do nothing, and ends at 20");
    examined.line("ok issuer " + AWS.issuer(), "publishes the keys");
    examined.line("ok S3 store at ", "answers");
    examined.line(
        "warn arn:aws:iam::210987654321:role/agents",
        "account is not configured, so what wanderer@1 grants is refused");
    assertTrue(AWS.lastCall().get("Policy").contains("\"Effect\":\"Deny\",\"Action\":[\"*\"]"));
    assertEquals("1", AWS.lastCall().get("DurationSeconds"));
  }

  @Test
  void a_trust_policy_for_another_audience_is_told() throws InterruptedException {
    trust("aud", "sigstore");

    examined().line("fail " + ROLE, "with the audience sts.amazonaws.com");
  }

  @Test
  void a_trust_policy_for_other_subjects_is_told() throws InterruptedException {
    trust("sub", "spiffe://elsewhere/agent/*");

    examined()
        .line(
            "fail " + ROLE,
            "does not trust the identity provider " + AWS.issuer(),
            "-> Compare its trust policy: `writ doctor --trust " + ROLE + "`");
  }

  @Test
  void the_pattern_of_subjects_that_is_printed_is_one_that_works() throws InterruptedException {
    trust("sub", "spiffe://writ.test/agent/*");

    examined().line("ok " + ROLE, "Its trust works");
  }

  @Test
  void a_published_copy_that_lacks_the_key_is_told_with_how_to_publish() throws Exception {
    Reply configuration =
        BROKER.anybody().get(URI.create(BROKER.url() + "/sts/.well-known/openid-configuration"));
    Files.createDirectories(folder.resolve(".well-known"));
    Files.writeString(
        folder.resolve(".well-known/openid-configuration"),
        configuration.body().replace(BROKER.url() + "/sts", AWS.issuer().toString()));
    Files.writeString(folder.resolve("jwks"), "{\"keys\":[]}");
    AWS.publishes(folder);

    Examined examined = examined();

    examined.line(
        "fail issuer " + AWS.issuer(),
        "The published keys lack ",
        "-> Publish what `writ issuer export DIR` writes at " + AWS.issuer());
    assertEquals(2, examined.failed().size());
  }
}
