package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The form of a token request: what is left out, said twice, misspelt or overdone. */
class TokenRequestAttackTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Ask ALL = Ask.audience(Policies.DEPLOY);

  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static AgentClient agent;

  @BeforeAll
  static void enrol() {
    agent = BROKER.agent("deployer");
  }

  @AfterEach
  void a_good_request_is_good_still() {
    agent.exchange(Via.MTLS, ALL).expect(200);
  }

  private static void refused(String error, Ask... asks) {
    for (Ask ask : asks) {
      Reply reply = Refused.by(BROKER, () -> agent.exchange(Via.MTLS, ask));
      assertEquals(error, reply.expect(400).error(), () -> ask.form("") + " gave " + reply);
    }
  }

  /** The good form and then this, as it stands. */
  private static Reply raw(String more) {
    return send(FORM, ALL.form(agent.svids().jwt()) + more);
  }

  private static Reply send(String type, String body) {
    return agent.send(Via.MTLS, "POST", "/token", Map.of("Content-Type", type), body);
  }

  private static void refusedRaw(String error, String... more) {
    for (String one : more) {
      Reply reply = Refused.by(BROKER, () -> raw(one));
      assertEquals(error, reply.expect(400).error(), () -> one + " gave " + reply);
    }
  }

  @Test
  void a_type_that_the_target_does_not_give_is_refused_on_the_record() {
    AgentClient other = BROKER.agent("deployer");
    Ask ask = ALL.with("requested_token_type", "urn:writ:params:oauth:token-type:aws-credentials");

    Reply reply = Refused.by(BROKER, () -> other.exchange(Via.MTLS, ask));

    assertEquals("invalid_request", reply.expect(400).error());
    assertEquals(1, BROKER.records().rows("refuse", other.id()));
  }

  @Test
  void every_parameter_may_stand_once_only() {
    for (String name :
        List.of(
            "grant_type",
            "subject_token",
            "subject_token_type",
            "audience",
            "resource",
            "scope",
            "authorization_details",
            "requested_ttl",
            "requested_token_type",
            "actor_token",
            "client_id",
            "something_unknown")) {
      Ask once = name.equals("audience") ? ALL : ALL.with(name, "x");
      refused("invalid_request", once.with(name, "x"));
      refused("invalid_request", once.with(name, ""));
    }
    refusedRaw(
        "invalid_request",
        "&audience=https://deploy.internal",
        "&audi%65nce=x",
        "&scope=deploy:read&sc%6Fpe=deploy:staging");
  }

  @Test
  void one_target_is_said_in_one_way() {
    String details = "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\"}]";
    refused(
        "invalid_request",
        ALL.with("authorization_details", details),
        ALL.with("resource", "https://github.com/acme/api"),
        ALL.with("resource", ""),
        Ask.detailsJson(details).with("resource", "https://github.com/acme/api"),
        Ask.detailsJson(details).with("scope", "deploy:read"),
        Ask.resource("https://github.com/acme/api").with("scope", "deploy:read"),
        Ask.nothing(),
        Ask.nothing().with("scope", "deploy:read"));
  }

  @Test
  void nobody_acts_for_anybody() {
    refused(
        "invalid_request",
        ALL.with("actor_token", agent.svids().jwt())
            .with("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ALL.with("actor_token", ""),
        ALL.with("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"));
  }

  @Test
  void another_grant_or_type_is_refused() {
    for (String grant :
        List.of(
            "",
            "client_credentials",
            "password",
            "refresh_token",
            "authorization_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:token-exchange ",
            "URN:IETF:PARAMS:OAUTH:GRANT-TYPE:TOKEN-EXCHANGE",
            "urn:ietf:params:oauth:grant-type:token-exchange\0")) {
      refused("invalid_request", ALL.with("grant_type", grant));
    }
    for (String type :
        List.of(
            "",
            "urn:ietf:params:oauth:token-type:access_token",
            "urn:ietf:params:oauth:token-type:id_token",
            "urn:ietf:params:oauth:token-type:saml2",
            "urn:ietf:params:oauth:token-type:JWT")) {
      refused("invalid_request", ALL.with("subject_token_type", type));
    }
    for (String type :
        List.of(
            "",
            "urn:ietf:params:oauth:token-type:refresh_token",
            "urn:ietf:params:oauth:token-type:id_token",
            "urn:ietf:params:oauth:token-type:jwt",
            "urn:writ:params:oauth:token-type:aws-credentials")) {
      refused("invalid_request", ALL.with("requested_token_type", type));
    }
    refused(
        "invalid_request",
        ALL.without("grant_type"),
        ALL.without("subject_token"),
        ALL.without("subject_token_type"),
        ALL.with("subject_token", ""));
  }

  @Test
  void a_life_is_a_whole_number_of_seconds() {
    for (String ttl :
        List.of(
            "",
            "0",
            "-1",
            "+1",
            "1.5",
            "1e9",
            "1e3",
            "0x10",
            "01",
            " 1",
            "1 ",
            "1h",
            "1_000",
            "1000000000",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999",
            "٣",
            "１",
            "²",
            "1\0",
            "NaN",
            "Infinity",
            "true",
            "null",
            "\u20011")) {
      refused("invalid_request", ALL.with("requested_ttl", ttl));
    }
    String far = agent.exchange(Via.DPOP, ALL.ttl(999_999_999)).expect(200).text("expires_in");
    assertEquals(true, Integer.parseInt(far) <= 3_600, far);
  }

  @Test
  void a_parameter_that_cannot_be_read_is_not_left_out() {
    refusedRaw(
        "invalid_request",
        "&scope=%",
        "&scope=%z",
        "&scope=%zz",
        "&scope=deploy:read%",
        "&scope=%ff",
        "&scope=%c0%af",
        "&scope=%ed%a0%80",
        "&scope=%u0064",
        "&requested_ttl=%",
        "&requested_ttl%zz=1",
        "&actor_token%=x",
        "&%",
        "&client_id=%ff");
  }

  @Test
  void scopes_beyond_the_grant_or_strangely_written_are_refused() {
    for (String scope :
        List.of(
            "deploy:production",
            "deploy:read deploy:production",
            "DEPLOY:READ",
            "deploy:*",
            "*",
            "",
            " ",
            "deploy:read ",
            " deploy:read",
            "deploy:read  deploy:staging",
            "deploy:read\tdeploy:staging",
            "deploy:read\ndeploy:staging",
            "deploy:read\0",
            "deploy:read,deploy:staging",
            "deploy:read\u00a0deploy:staging",
            "deploy:re\u0430d",
            "deploy:read\u202e",
            "openid",
            "x".repeat(200),
            "a ".repeat(101).strip())) {
      refused("invalid_scope", ALL.with("scope", scope));
    }
  }

  @Test
  void an_audience_that_is_not_exactly_granted_is_refused() {
    for (String audience :
        List.of(
            "",
            " ",
            "https://deploy.internal/",
            "https://deploy.internal ",
            " https://deploy.internal",
            "HTTPS://DEPLOY.INTERNAL",
            "https://deploy.internal:443",
            "https://deploy.internal#",
            "https://deploy.internal\0",
            "https://deploy.internal\n",
            "https://deploy.interna\u04cf",
            "https://deploy.internal,https://payroll.internal",
            "[\"https://deploy.internal\"]",
            "*",
            "deploy.internal",
            "sts.amazonaws.com",
            BROKER.url().toString(),
            BROKER.url() + "/sts",
            "x".repeat(5_000))) {
      refused("invalid_target", Ask.audience(audience));
    }
  }

  @Test
  void unknown_parameters_and_a_client_id_mean_nothing() {
    raw("&client_id=" + agent.svids().spiffeId() + "x&colour=blue&SCOPE=none&&").expect(200);
    String all = raw("&client_id=root").expect(200).text("scope");
    assertEquals("deploy:read deploy:staging", all);
  }

  @Test
  void a_form_is_a_form_in_the_body_and_in_utf_8() {
    String form = ALL.form(agent.svids().jwt());
    for (String type :
        List.of(
            "application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded, text/plain",
            "application/x-www-form-urlencoded+xml",
            "application")) {
      Reply reply = Refused.by(BROKER, () -> send(type, form));
      assertEquals("invalid_request", reply.expect(400).error(), type);
    }
    Reply query =
        Refused.by(
            BROKER,
            () ->
                agent.send(
                    Via.MTLS, "POST", "/token?" + form, Map.of("Content-Type", FORM), "a=b"));
    assertEquals("invalid_request", query.expect(400).error());
    for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      String head =
          "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s; charset=%s\r\nContent-Length: %d\r\n\r\n"
              .formatted(FORM, charset.name(), form.getBytes(charset).length);
      String body = new String(form.getBytes(charset), StandardCharsets.ISO_8859_1);
      Reply reply = Refused.by(BROKER, () -> Raw.answer(BROKER, head + body));
      assertEquals("invalid_request", reply.expect(400).error(), charset.name());
    }
    // The parameter changes nothing: the bytes are read as what they are.
    send(FORM + "; charset=iso-8859-1", form).expect(200);
  }

  @Test
  void a_form_of_64_kib_is_read_and_a_larger_one_is_413() {
    String form = ALL.form(agent.svids().jwt()) + "&x=";
    String most = form + "x".repeat(64 * 1024 - form.length());
    send(FORM, most).expect(200);
    Refused.by(BROKER, () -> send(FORM, most + "x")).expect(413);
    send(FORM, form + "&a".repeat(20_000)).expect(400);
  }
}
