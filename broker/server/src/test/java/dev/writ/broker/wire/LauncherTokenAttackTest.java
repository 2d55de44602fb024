package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Jws;
import dev.writ.fixtures.oidc.KeycloakToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Access tokens of the identity provider, forged, altered, or good for something else. */
class LauncherTokenAttackTest {
  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy("deployer", Policies.deployer("\"keycloak/user:ada\"")).withPeople();

  private static Launcher anybody;

  @BeforeAll
  static void meet() {
    anybody = BROKER.bearer("nobody");
    send(ada().sign()).expect(201);
  }

  @AfterEach
  void a_good_token_is_good_still() {
    send(ada().sign()).expect(201);
    send(ada().es256().sign()).expect(201);
  }

  private static KeycloakToken ada() {
    return BROKER.people().user("ada");
  }

  private static Reply send(String token) {
    Map<String, String> headers = Map.of("Authorization", "Bearer " + token);
    String body = Launch.of("deployer").owner("user:ada").json();
    return anybody.send("POST", "/v1/agents", headers, body);
  }

  private static void refused(List<String> tokens) {
    for (String token : tokens) {
      Reply reply = Refused.by(BROKER, () -> send(token));
      assertEquals(401, reply.status(), () -> token + " gave " + reply);
      assertTrue(reply.header("WWW-Authenticate").startsWith("Bearer"), reply::toString);
    }
  }

  private static void refused(KeycloakToken... tokens) {
    refused(Arrays.stream(tokens).map(KeycloakToken::sign).toList());
  }

  /** Ada's claims, altered as text and signed by the provider. */
  private static String claims(String regex, String replacement) {
    KeycloakToken token = ada();
    return token.sign(token.headerJson(), token.claimsJson().replaceFirst(regex, replacement));
  }

  /** Ada's header, altered as text and signed by the provider. */
  private static String header(String regex, String replacement) {
    KeycloakToken token = ada();
    return token.sign(token.headerJson().replaceFirst(regex, replacement), token.claimsJson());
  }

  @Test
  void another_algorithm_or_key_signs_nothing() {
    AgentKey own = AgentKey.generate();
    List<String> tokens = new ArrayList<>();
    for (String none : List.of("none", "None", "NONE", "", "dir")) {
      tokens.add(
          Jws.withSignature(
              ada().header("alg", none).headerJson(), ada().claimsJson(), new byte[0]));
      tokens.add(
          Jws.withSignature(
              ada().header("alg", none).headerJson(), ada().claimsJson(), new byte[64]));
    }
    String jwks =
        BROKER.anybodyTrusting(BROKER.people().caPem()).get(BROKER.people().jwksUri()).body();
    for (byte[] secret :
        List.of(
            jwks.getBytes(StandardCharsets.UTF_8),
            new byte[32],
            "writ".getBytes(StandardCharsets.UTF_8))) {
      tokens.add(Jws.hmac(ada().header("alg", "HS256").headerJson(), ada().claimsJson(), secret));
      tokens.add(Jws.hmac(ada().headerJson(), ada().claimsJson(), secret));
    }
    tokens.add(Jws.withSignature(ada().es256().headerJson(), ada().claimsJson(), new byte[64]));
    tokens.add(Jws.withSignature(ada().es256().headerJson(), ada().claimsJson(), new byte[70]));
    tokens.add(Jws.withSignature(ada().headerJson(), ada().claimsJson(), new byte[256]));
    tokens.add(Jws.sign(ada().es256().headerJson(), ada().claimsJson(), own.pair().getPrivate()));
    tokens.add(
        Jws.sign(ada().headerJson(), ada().claimsJson(), AgentKey.pair("RSA", "").getPrivate()));
    tokens.add(ada().es256().header("alg", "RS256").sign());
    tokens.add(ada().header("alg", "RS1").sign());
    refused(tokens);
  }

  @Test
  void a_header_that_says_more_is_refused_and_leads_nowhere() throws IOException {
    AgentKey own = AgentKey.generate();
    Map<String, Object> jwk = own.publicJwk().toJSONObject();
    try (Trap trap = new Trap()) {
      refused(
          ada().header("jku", trap.url("http")),
          ada().header("jku", trap.url("https")),
          ada().header("jku", ":::"),
          ada().header("x5u", trap.url("http")),
          ada().header("x5u", 5),
          ada().header("x5c", List.of("AAAA")),
          ada().header("jwk", jwk),
          ada().header("jwk", own.privateJwk().toJSONObject()),
          ada().header("jwk", "x"),
          ada().header("alg", "ES256").header("jwk", jwk).signedBy(own.pair().getPrivate()),
          ada()
              .header("alg", "ES256")
              .withoutHeader("kid")
              .header("jwk", jwk)
              .signedBy(own.pair().getPrivate()),
          ada().header("crit", List.of("exp2")).header("exp2", 1),
          ada().header("crit", List.of()),
          ada().header("crit", List.of("b64")).header("b64", false),
          ada().header("b64", false),
          ada().header("zip", "DEF"),
          ada().header("enc", "A128GCM"),
          ada().header("cty", "JWT"));
      refused(
          List.of(
              header(".*", "null"),
              header(".*", "[]"),
              header(".*", ""),
              header(".*", "{}"),
              header("\\{", "{\"alg\":\"none\","),
              header("\\{", "{\"x\":" + "[".repeat(900) + "]".repeat(900) + ",")));
      assertEquals(0, trap.connections());
    }
  }

  @Test
  void a_flood_of_invented_keys_is_refused_and_asks_the_provider_at_most_once() {
    int before = BROKER.people().jwksFetches();
    List<String> tokens = new ArrayList<>();
    for (String kid :
        List.of("", " ", "../../../../dev/null", "' OR '1'='1", "\0\r\nX: y", "k".repeat(4_000))) {
      tokens.add(ada().header("kid", kid).sign());
    }
    for (int i = 0; i < 60; i++) {
      tokens.add(ada().header("kid", UUID.randomUUID().toString()).sign());
    }
    tokens.add(ada().header("kid", 5).sign());
    tokens.add(ada().header("kid", null).sign());
    refused(tokens);
    assertTrue(BROKER.people().jwksFetches() - before <= 1, "asked too often");
    assertEquals(1, BROKER.people().discoveryFetches());
  }

  @Test
  void a_token_for_another_audience_is_refused() {
    List<KeycloakToken> tokens = new ArrayList<>();
    for (Object audience :
        Arrays.asList(
            List.of(),
            "",
            "wri",
            "writ2",
            "Writ",
            " writ",
            "writ x",
            5,
            null,
            List.of(5),
            List.of("account"),
            Map.of("writ", "writ"))) {
      tokens.add(ada().claim("aud", audience));
    }
    tokens.add(ada().without("aud"));
    refused(tokens.toArray(KeycloakToken[]::new));
    send(ada().audience("account", "writ").sign()).expect(201);
  }

  @Test
  void a_token_of_another_time_is_refused() {
    long now = Instant.now().getEpochSecond();
    List<KeycloakToken> tokens = new ArrayList<>();
    for (Object end :
        Arrays.asList(
            now - 60,
            0,
            -1,
            String.valueOf(now + 300),
            1e300,
            Double.MAX_VALUE,
            Long.MAX_VALUE,
            253_402_300_800L,
            null,
            true,
            List.of(now + 300),
            Map.of())) {
      tokens.add(ada().claim("exp", end));
    }
    for (Object begin : Arrays.asList(now + 3_600, 1e300, Long.MAX_VALUE, "0", null, -1)) {
      tokens.add(ada().claim("iat", begin));
      tokens.add(ada().claim("nbf", begin));
    }
    tokens.add(ada().without("exp"));
    tokens.add(ada().without("iat"));
    refused(tokens.toArray(KeycloakToken[]::new));
    List<String> raw = new ArrayList<>();
    for (String end :
        List.of(
            "1e400",
            "-1e400",
            "NaN",
            "Infinity",
            "1e9",
            "9".repeat(400),
            "1e999999999",
            "0x7fffffff",
            "+5")) {
      raw.add(claims("\"exp\":[0-9]+", "\"exp\":" + end));
    }
    refused(raw);
    send(ada().claim("exp", now + 300.5).sign()).expect(201);
  }

  @Test
  void what_is_no_access_token_is_refused() {
    refused(
        ada().typ("ID"),
        ada().typ("Refresh"),
        ada().typ("Offline"),
        ada().typ("Logout"),
        ada().typ(""),
        ada().claim("typ", 5),
        ada().without("typ"),
        ada().typ("ID").header("typ", "at+jwt"),
        ada().withoutHeader("typ"),
        ada().header("typ", ""),
        ada().header("typ", "dpop+jwt"),
        ada().header("typ", "logout+jwt"),
        ada().header("typ", 5),
        ada().claim("cnf", Map.of("jkt", AgentKey.generate().thumbprint())),
        ada().claim("cnf", Map.of("x5t#S256", "x")));
    send(ada().header("typ", "at+jwt").without("typ").sign()).expect(201);
  }

  @Test
  void claims_that_name_nobody_or_somebody_strangely_are_refused() {
    refused(
        ada().claim("iss", null),
        ada().claim("iss", BROKER.people().issuer() + "/"),
        ada().claim("iss", "https://evil.example/realms/acme"),
        ada().without("sub"),
        ada().claim("sub", null),
        ada().claim("sub", 5),
        ada().claim("sub", ""),
        ada().claim("sub", "\0"),
        ada().claim("sub", "x".repeat(5_000)),
        ada().without("preferred_username"),
        ada().claim("preferred_username", 5),
        ada().claim("preferred_username", "ada\0"),
        ada().claim("preferred_username", "ada\u202e"),
        ada().claim("preferred_username", "ada "),
        ada().claim("preferred_username", "a" + " a".repeat(4_000)),
        ada().claim("azp", "").claim("sub", ""),
        ada().claim("azp", "\0").claim("sub", "\0"),
        ada().claim("azp", 5),
        ada().claim("groups", Arrays.asList("platform", null)),
        ada().claim("groups", List.of(5)),
        ada().claim("groups", "platform"));
    refused(
        List.of(
            claims(".*", "null"),
            claims(".*", "[]"),
            claims(".*", ""),
            claims("\\{", "{\"aud\":\"writ\","),
            claims("\\{", "{\"preferred_username\":\"root\","),
            claims("\"ada\"", "\"\\\\ud800\""),
            claims("\\{", "{\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + ",")));
    String huge = claims("\\{", "{\"x\":\"" + "y".repeat(12_000) + "\",");
    assertEquals(431, Refused.by(BROKER, () -> send(huge)).status());
  }

  @Test
  void another_spelling_of_a_good_token_is_refused() {
    String good = ada().sign();
    String es256 = ada().es256().sign();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = es256.charAt(es256.length() - 1);
    refused(
        List.of(
            es256.substring(0, es256.length() - 1) + alphabet.charAt(alphabet.indexOf(last) ^ 1),
            good + "=",
            good + "==",
            good + "\u00a0",
            good + ".",
            good + "." + good,
            good.replaceFirst("\\.", " ."),
            good.substring(0, good.lastIndexOf('.')),
            good.substring(0, good.lastIndexOf('.') + 1),
            Base64.getEncoder()
                    .encodeToString(
                        "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}".getBytes(StandardCharsets.UTF_8))
                + "..AAAA.AAAA.AAAA",
            "a.b.c.d.e",
            "..",
            "....",
            "A".repeat(15_000),
            "\u00ff.\u00ff.\u00ff"));
  }
}
