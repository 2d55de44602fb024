package dev.writ.broker.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.TestIntents;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.token.WebIdentityTokens;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.Bounds;
import dev.writ.policy.Grant;
import dev.writ.policy.Policy;
import dev.writ.policy.Statement;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An STS that is slow, broken, hostile or away. */
class AwsMinterTest {
  private static final Duration IMPATIENT = Duration.ofMillis(1_200);
  private static final int LATE_MILLIS = 2_500;
  private static final UUID AGENT = UUID.fromString("0191e0a0-0000-7000-8000-00000000000a");
  private static final String ROLE = "arn:aws:iam::123456789012:role/ci/agents";
  private static final String USER = "arn:aws:sts::123456789012:assumed-role/agents/" + AGENT;
  private static final String LIVES_IN_THE_LEDGER = "if it made a session, nobody has it";
  private static final KeyRing OLD_KEYS =
      TestKeys.ring(KeySlot.STS, Instant.now().minus(Duration.ofDays(1)));
  private static final WireMockServer STS =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  @BeforeAll
  static void starts() {
    STS.start();
  }

  @AfterAll
  static void stops() {
    STS.stop();
  }

  @BeforeEach
  void answers_as_sts_does() {
    STS.resetAll();
    says(200, StsAnswers.session(USER, end(900)));
  }

  private static Instant end(long seconds) {
    return Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
  }

  private static void says(int status, String xml) {
    answers(aResponse().withStatus(status).withHeader("Content-Type", "text/xml").withBody(xml));
  }

  private static void answers(ResponseDefinitionBuilder answer) {
    STS.stubFor(post(anyUrl()).willReturn(answer));
  }

  private static AwsMinter minter() {
    return minter("123456789012", URI.create(STS.baseUrl()), OLD_KEYS);
  }

  private static AwsMinter minter(String account, URI sts, KeyRing keys) {
    return new AwsMinter(
        new AwsMinter.Account(account, sts, "https://ids.example/sts", Duration.ofSeconds(900)),
        new AwsMinter.Connection(Optional.empty(), Optional.empty(), IMPATIENT),
        new WebIdentityTokens(() -> keys),
        Clock.systemUTC());
  }

  /** The one AWS grant of a policy. */
  private static AwsGrant grant(String role, String allow) {
    String yaml =
        """
        name: p
        lifetime: { agent: 12h, credential: 1h }
        launch: [ "operator" ]
        grants:
          - aws: { role: "%s", allow: [ %s ] }
        """
            .formatted(role, allow);
    return Policy.yaml(yaml, Bounds.DEFAULT).orElseThrow().grants().stream()
        .flatMap(one -> one.<Stream<AwsGrant>>fold(g -> Stream.of(), Stream::of, i -> Stream.of()))
        .findFirst()
        .orElseThrow();
  }

  private static AwsGrant reading() {
    return grant(ROLE, "{ actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }");
  }

  private static Minted mint(AwsMinter minter, Grant grant, Duration life) {
    Instant end = Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS);
    return minter.mint(TestIntents.of(AGENT, grant, end));
  }

  private static Minted mint() {
    return mint(minter(), reading(), Duration.ofSeconds(900));
  }

  private static String unknown(Minted minted) {
    return assertInstanceOf(Minted.Unknown.class, minted, () -> String.valueOf(minted)).reason();
  }

  private static String refused(Minted minted) {
    return assertInstanceOf(Minted.Refused.class, minted, () -> String.valueOf(minted)).reason();
  }

  /** A parameter of the last request; empty where it was not sent. */
  private static String asked(String name) {
    Map<String, String> form = new HashMap<>();
    awaitAsked(1);
    for (String one :
        STS.getAllServeEvents().getFirst().getRequest().getBodyAsString().split("&")) {
      String[] parts = one.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form.getOrDefault(name, "");
  }

  private static void assertAsked(int times) {
    awaitAsked(times);
    STS.verify(times, postRequestedFor(anyUrl()));
  }

  /** WireMock answers first and takes the request down then. */
  private static void awaitAsked(int times) {
    Instant end = Instant.now().plusSeconds(5);
    while (STS.getAllServeEvents().size() < times && Instant.now().isBefore(end)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_session_is_what_a_credential_process_prints() {
    Minted.Issued issued = assertInstanceOf(Minted.Issued.class, mint());

    assertEquals(
        "{\"Version\":1,\"AccessKeyId\":\"ASIATESTTESTTESTTEST\",\"SecretAccessKey\":\"the/secret+key\",\"SessionToken\":\"the+session/token==\",\"Expiration\":\"%s\"}"
            .formatted(issued.expiresAt()),
        issued.secret());
    assertEquals(issued.expiresAt(), issued.diesAt());
    assertEquals(Optional.of("ASIATESTTESTTESTTEST"), issued.accessKeyId());
    assertFalse(issued.revocable());
    assertEquals("900", asked("DurationSeconds"));
    assertEquals("2011-06-15", asked("Version"));
  }

  @Test
  void the_life_that_is_asked_for_is_never_more_than_granted() {
    mint(minter(), reading(), Duration.ofMinutes(30));

    int seconds = Integer.parseInt(asked("DurationSeconds"));
    assertTrue(seconds > 1_790 && seconds <= 1_800, () -> seconds + " s");
  }

  @Test
  void conditions_go_into_the_session_policy() {
    AwsGrant grant =
        grant(
            ROLE,
            "{ actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ], conditions: { StringEquals: { \"aws:RequestedRegion\": \"eu-central-1\" } } }");

    mint(minter(), grant, Duration.ofSeconds(900));

    assertTrue(
        asked("Policy")
            .contains(
                "\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":[\"eu-central-1\"]}}"));
  }

  @Test
  void nothing_is_asked_without_a_session_policy_that_says_something() {
    AwsMinter minter = minter();
    for (AwsGrant grant :
        List.of(
            new AwsGrant(ROLE, List.of()),
            grant(ROLE, "{ actions: [], resources: [ \"arn:aws:s3:::b/*\" ] }"),
            grant(ROLE, "{ actions: [ \"s3:GetObject\" ], resources: [] }"))) {
      assertTrue(
          refused(mint(minter, grant, Duration.ofSeconds(900))).contains("would give it all"));
    }
    assertAsked(0);
  }

  @Test
  void nothing_is_asked_with_a_session_policy_that_sts_does_not_take() {
    List<Statement> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String prefix = "arn:aws:s3:::bucket-%d/%s/*".formatted(i, "long".repeat(20));
      many.addAll(
          grant(ROLE, "{ actions: [ \"s3:GetObject\" ], resources: [ \"" + prefix + "\" ] }")
              .allow());
    }
    AwsGrant large = new AwsGrant(ROLE, many);
    AwsGrant foreign =
        grant(
            ROLE,
            "{ actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ], conditions: { StringEquals: { \"s3:prefix\": \"日本\" } } }");

    assertTrue(refused(mint(minter(), large, Duration.ofSeconds(900))).contains("AWS takes 2048"));
    assertTrue(refused(mint(minter(), foreign, Duration.ofSeconds(900))).contains("beyond U+00FF"));
    assertAsked(0);
  }

  @Test
  void a_role_of_the_same_name_in_another_account_is_not_served() {
    AwsGrant other =
        grant(
            ROLE.replace("1234", "4321"),
            "{ actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }");
    AwsGrant none =
        grant(
            "arn:aws:iam:::role/agents",
            "{ actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }");

    assertTrue(minter().serves(reading()));
    assertFalse(minter().serves(other));
    assertFalse(minter().serves(none));
    assertFalse(minter("", URI.create(STS.baseUrl()), OLD_KEYS).serves(reading()));
    assertTrue(refused(mint(minter(), other, Duration.ofSeconds(900))).contains("another account"));
    assertAsked(0);
  }

  @Test
  void a_session_never_outlives_its_agent() {
    assertTrue(
        refused(
                new AwsMinter(
                        new AwsMinter.Account(
                            "123456789012",
                            URI.create(STS.baseUrl()),
                            "https://ids.example/sts",
                            Duration.ofDays(2)),
                        new AwsMinter.Connection(Optional.empty(), Optional.empty(), IMPATIENT),
                        new WebIdentityTokens(() -> OLD_KEYS),
                        Clock.systemUTC())
                    .mint(TestIntents.of(AGENT, reading(), end(900))))
            .contains("outlive the agent"));
    assertAsked(0);
  }

  @Test
  void a_session_that_lasts_longer_than_asked_for_is_given_to_nobody() {
    says(200, StsAnswers.session(USER, end(900 + 25)));
    assertInstanceOf(Minted.Issued.class, mint());

    says(200, StsAnswers.session(USER, end(900 + 40)));
    Minted.TooWide wide = assertInstanceOf(Minted.TooWide.class, mint());
    assertTrue(wide.what().contains("late"), wide::what);
    assertFalse(wide.toString().contains("secret+key"));
  }

  @Test
  void a_session_of_another_role_or_account_is_given_to_nobody() {
    for (String user :
        List.of(
            USER.replace("agents/", "admins/"),
            USER.replace("1234", "4321"),
            USER + "x",
            "arn:aws:sts::123456789012:federated-user/x")) {
      says(200, StsAnswers.session(user, end(900)));
      assertInstanceOf(Minted.TooWide.class, mint(), user);
    }
  }

  @Test
  void a_session_that_has_ended_already_points_at_the_clock() {
    says(200, StsAnswers.session(USER, end(-1)));

    assertTrue(refused(mint()).contains("Is this machine's right?"));
  }

  @Test
  void an_answer_without_readable_credentials_is_unknown() {
    String sound = StsAnswers.session(USER, end(900));
    for (String broken :
        List.of(
            "",
            "{\"Credentials\":{}}",
            sound.replace("AssumeRoleWithWebIdentityResponse", "AssumeRoleResponse"),
            sound.replace("AccessKeyId>", "KeyId>"),
            sound.replace("the/secret+key", ""),
            sound.replace("the+session/token==", "two words"),
            sound.replace("ASIATESTTESTTESTTEST", "ASIA\"},{"),
            sound.replaceAll("<Expiration>.*</Expiration>", "<Expiration>soon</Expiration>"),
            sound.replaceAll("<Arn>.*</Arn>", ""),
            sound.replace("<Credentials>", "<Credentials><AccessKeyId>ASIAOTHER</AccessKeyId>"),
            "<!DOCTYPE x>" + sound)) {
      STS.resetRequests();
      says(200, broken);
      assertTrue(unknown(mint()).contains(LIVES_IN_THE_LEDGER), broken);
      assertAsked(1);
    }
  }

  @Test
  void an_answer_beyond_the_bound_is_unknown_and_not_read() {
    says(200, "<a>" + "x".repeat(70_000) + "</a>" + StsAnswers.session(USER, end(900)));

    assertTrue(unknown(mint()).contains(LIVES_IN_THE_LEDGER));
  }

  @Test
  void an_answer_that_is_cut_off_is_unknown_and_the_request_is_not_repeated() {
    for (Fault fault :
        List.of(
            Fault.CONNECTION_RESET_BY_PEER,
            Fault.EMPTY_RESPONSE,
            Fault.RANDOM_DATA_THEN_CLOSE,
            Fault.MALFORMED_RESPONSE_CHUNK)) {
      STS.resetRequests();
      answers(aResponse().withStatus(200).withFault(fault));
      assertTrue(unknown(mint()).contains(LIVES_IN_THE_LEDGER));
      assertAsked(1);
    }
  }

  @Test
  void an_answer_that_comes_too_late_is_unknown_and_the_agent_has_not_waited_for_ever() {
    answers(aResponse().withBody(StsAnswers.session(USER, end(900))).withFixedDelay(LATE_MILLIS));
    Instant before = Instant.now();

    assertTrue(unknown(mint()).contains("no answer within"));

    assertTrue(Duration.between(before, Instant.now()).toMillis() < LATE_MILLIS);
    assertAsked(1);
  }

  @Test
  void a_server_error_is_unknown() {
    for (int status : List.of(500, 502, 503)) {
      says(status, StsAnswers.error("InternalFailure", "We encountered an error"));
      assertTrue(unknown(mint()).contains(status + " InternalFailure"));
    }
  }

  @Test
  void an_sts_that_is_not_there_has_given_nothing() {
    Minted minted =
        mint(
            minter("123456789012", URI.create("http://127.0.0.1:1"), OLD_KEYS),
            reading(),
            Duration.ofSeconds(900));

    Minted.Unavailable away = assertInstanceOf(Minted.Unavailable.class, minted);
    assertTrue(away.reason().contains("AWS does not answer: it cannot be reached"), away::reason);
  }

  @Test
  void throttling_is_exhaustion_with_a_time() {
    says(400, StsAnswers.error("Throttling", "Rate exceeded"));
    Minted.Exhausted usual = assertInstanceOf(Minted.Exhausted.class, mint());
    answers(
        aResponse()
            .withStatus(503)
            .withHeader("Retry-After", "60")
            .withBody(StsAnswers.storeError("SlowDown")));
    Minted.Exhausted told = assertInstanceOf(Minted.Exhausted.class, mint());

    assertTrue(usual.until().isAfter(Instant.now().plusSeconds(2)));
    assertTrue(told.until().isAfter(Instant.now().plusSeconds(55)));
    assertTrue(told.until().isBefore(Instant.now().plusSeconds(61)));
  }

  @Test
  void refusals_of_both_shapes_say_what_to_do() {
    Map<String, String> words =
        Map.of(
            "AccessDenied", "The trust policy of the role " + ROLE + " does not admit this",
            "InvalidIdentityToken", "the published keys the present ones",
            "ExpiredTokenException", "does not accept the broker's token",
            "PackedPolicyTooLarge", "ask for fewer actions and resources",
            "MalformedPolicyDocument", "does not accept the session policy",
            "RegionDisabledException", "not activated in that region",
            "ValidationError", "longer than the role allows",
            "SomethingNew", "AWS refused the request");
    words.forEach((code, meaning) -> {
      says(403, StsAnswers.error(code, "Not authorized to perform it"));
      String reason = refused(mint());
      assertTrue(reason.contains(meaning), reason);
      assertTrue(reason.contains("403 " + code + ": Not authorized to perform it"), reason);
      says(400, StsAnswers.storeError(code));
      assertTrue(refused(mint()).contains(meaning));
    });
  }

  @Test
  void a_refusal_names_a_clock_that_is_off() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().minusSeconds(300).atOffset(ZoneOffset.UTC));
    answers(
        aResponse()
            .withStatus(400)
            .withHeader("Date", date)
            .withBody(
                StsAnswers.error("ExpiredTokenException", "Token must expire in the future")));

    assertTrue(refused(mint()).contains("s ahead of its, which is the likely cause"));
  }

  @Test
  void what_is_no_sts_is_not_followed_anywhere() {
    answers(aResponse().withStatus(302).withHeader("Location", STS.baseUrl() + "/elsewhere"));
    assertTrue(refused(mint()).contains("redirects are not followed"));
    assertAsked(1);
    says(404, "<html>not here</html>");
    assertTrue(refused(mint()).contains("does an STS answer at sts:?"));
  }

  @Test
  void a_refusal_shows_neither_the_token_nor_anything_like_a_credential() {
    says(
        400,
        StsAnswers.error(
            "InvalidIdentityToken",
            "No provider for eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.abcdefghijklmnop of "
                + "A".repeat(80)));

    String reason = refused(mint());
    assertFalse(reason.contains("eyJ"), reason);
    assertFalse(reason.contains("AAAA"), reason);
  }

  @Test
  void a_token_refused_right_after_a_rotation_is_tried_once_more() {
    KeyRing fresh = TestKeys.ring(KeySlot.STS, Instant.now());
    once(403, StsAnswers.storeError("AccessDenied"));

    Minted minted =
        mint(
            minter("123456789012", URI.create(STS.baseUrl()), fresh),
            reading(),
            Duration.ofSeconds(900));

    assertInstanceOf(Minted.Issued.class, minted);
    assertAsked(2);
  }

  @Test
  void keys_that_could_not_be_read_for_a_moment_are_tried_once_more() {
    once(400, StsAnswers.error("IDPCommunicationError", "Could not reach the provider"));
    assertInstanceOf(Minted.Issued.class, mint());
    assertAsked(2);

    STS.resetRequests();
    says(400, StsAnswers.error("IDPCommunicationError", "Could not reach the provider"));
    assertInstanceOf(Minted.Unavailable.class, mint());
    assertAsked(2);
  }

  private static void once(int status, String xml) {
    STS.stubFor(
        post(anyUrl())
            .atPriority(1)
            .inScenario("once")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(status).withBody(xml))
            .willSetStateTo("over"));
  }

  @Test
  void a_session_cannot_be_ended_and_nobody_says_it_was() {
    Instant end = end(600);

    Ending ending = minter().revoke(new Minter.Held("{}", end));

    Ending.DiesAt dies = assertInstanceOf(Ending.DiesAt.class, ending);
    assertEquals(end, dies.at());
    assertTrue(dies.why().contains("aws:SourceIdentity"));
    assertAsked(0);
  }
}
