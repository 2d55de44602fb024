package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Dpop;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Jws;
import java.io.IOException;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Proofs that an agent's own key signed, in which one thing is wrong each. */
class DpopAttackTest {
  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static AgentClient agent;

  @BeforeAll
  static void enrol() {
    agent = BROKER.agent("deployer");
  }

  @AfterEach
  void a_good_proof_is_good_still() {
    agent.exchange(Via.DPOP, Policies.READ).expect(200);
  }

  private static Dpop proof() {
    return agent.proof("POST", "/token");
  }

  private static Reply exchange(String proof) {
    return agent.exchange(Via.NOTHING, Policies.READ, Map.of("DPoP", proof));
  }

  private static void refused(List<String> proofs) {
    for (String proof : proofs) {
      Reply reply = Refused.by(BROKER, () -> exchange(proof));
      assertEquals("invalid_dpop_proof", reply.expect(400).error(), () -> proof + reply);
    }
  }

  private static void refused(Dpop... proofs) {
    refused(java.util.Arrays.stream(proofs).map(Dpop::sign).toList());
  }

  /** The agent's own proof whose claims were altered as text before it was signed. */
  private static String claims(String regex, String replacement) {
    return Jws.sign(
        proof().headerJson(),
        proof().claimsJson().replaceFirst(regex, replacement),
        agent.key().pair().getPrivate());
  }

  @Test
  void a_proof_for_another_request_is_refused() {
    String own = agent.uri("/token").toString();
    refused(
        proof().htm("GET"),
        proof().htm("post"),
        proof().htm("POST "),
        proof().htm(""),
        proof().withoutClaim("htm"),
        proof().claim("htm", List.of("POST")),
        proof().withoutClaim("htu"),
        proof().claim("htu", List.of(own)),
        proof().htu(""),
        proof().htu("/token"),
        proof().htu("https://evil.example/token"),
        proof().htu(own.replace("localhost", "localhost.evil.example")),
        proof().htu(own.replace("https://", "https://localhost@evil.example:")),
        proof().htu(own.replace("//localhost", "//user@localhost")),
        proof().htu(own.replace("https:", "http:")),
        proof().htu(own.replaceFirst(":[0-9]+/", "/")),
        proof().htu(own.replaceFirst(":[0-9]+/", ":1/")),
        proof().htu(own.replace("/token", "/TOKEN")),
        proof().htu(own.replace("/token", "/token/")),
        proof().htu(own.replace("/token", "//token")),
        proof().htu(own.replace("/token", "/x/../token")),
        proof().htu(own.replace("/token", "/%74oken")),
        proof().htu(own.replace("/token", "/v1/svid")),
        proof().htu(own + "\0"),
        proof().htu(own + " "),
        proof().htu(own + "x".repeat(5_000)),
        agent.proof("POST", "/v1/agents"));
  }

  @Test
  void a_url_in_another_spelling_of_the_same_is_taken() {
    String own = agent.uri("/token").toString();
    for (String same :
        List.of(own + "?x=y", own + "#x", own.replace("https://localhost", "HTTPS://LOCALHOST"))) {
      exchange(proof().htu(same).sign()).expect(200);
    }
  }

  @Test
  void a_proof_of_another_time_is_refused() {
    Instant now = Instant.now();
    refused(
        proof().iat(now.minusSeconds(61)),
        proof().iat(now.minusSeconds(3_600)),
        proof().iat(now.plusSeconds(7)),
        proof().iat(now.plusSeconds(3_600)),
        proof().withoutClaim("iat"),
        proof().claim("iat", String.valueOf(now.getEpochSecond())),
        proof().claim("iat", now.getEpochSecond() + 0.5),
        proof().claim("iat", -1),
        proof().claim("iat", true),
        proof().claim("iat", List.of(now.getEpochSecond())),
        proof().claim("iat", Long.MAX_VALUE));
    List<String> raw = new ArrayList<>();
    for (String iat : List.of("null", "1e400", "-1e400", "1e9", "NaN", "9".repeat(400), "0x7fffffff")) {
      raw.add(claims("\"iat\":[0-9]+", "\"iat\":" + iat));
    }
    refused(raw);
    exchange(proof().iat(now.minusSeconds(50)).sign()).expect(200);
    exchange(proof().iat(Instant.now().plusSeconds(3)).sign()).expect(200);
  }

  @Test
  void a_proof_without_a_good_name_of_its_own_is_refused() {
    refused(
        proof().withoutClaim("jti"),
        proof().jti(""),
        proof().jti("x".repeat(129)),
        proof().claim("jti", 5),
        proof().claim("jti", List.of("x")),
        proof().claim("jti", Map.of()));
    refused(List.of(claims("\"jti\":\"[^\"]+\"", "\"jti\":null"), claims("\\{", "{\"jti\":\"x\",")));
  }

  @Test
  void another_kind_of_key_proves_nothing() {
    List<Dpop> proofs = new ArrayList<>();
    KeyPair p384 = AgentKey.pair("EC", "secp384r1");
    Map<String, Object> p384Jwk =
        new ECKey.Builder(Curve.P_384, (ECPublicKey) p384.getPublic()).build().toJSONObject();
    KeyPair rsa = AgentKey.pair("RSA", "");
    Map<String, Object> rsaJwk =
        new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).build().toJSONObject();
    for (String algorithm : List.of("ES256", "ES384", "RS256", "PS256")) {
      proofs.add(proof().header("alg", algorithm).header("jwk", p384Jwk).signedBy(p384.getPrivate()));
      proofs.add(proof().header("alg", algorithm).header("jwk", rsaJwk).signedBy(rsa.getPrivate()));
    }
    KeyPair ed = AgentKey.pair("Ed25519", "");
    proofs.add(
        proof()
            .header("alg", "EdDSA")
            .header("jwk", Map.of("kty", "OKP", "crv", "Ed25519", "x", "A".repeat(43)))
            .signedBy(ed.getPrivate()));
    proofs.add(proof().header("jwk", agent.key().privateJwk().toJSONObject()));
    proofs.add(proof().header("jwk", Map.of("kty", "oct", "k", "AAAA")));
    proofs.add(proof().header("jwk", Map.of()));
    proofs.add(proof().header("jwk", List.of(agent.key().publicJwk().toJSONObject())));
    proofs.add(proof().header("jwk", agent.key().publicJwk().toJSONString()));
    proofs.add(proof().withoutHeader("jwk"));
    proofs.add(proof().header("jwk", AgentKey.generate().publicJwk().toJSONObject()));
    proofs.add(proof().signedBy(AgentKey.generate().pair().getPrivate()));
    refused(proofs.toArray(Dpop[]::new));
  }

  @Test
  void a_good_proof_of_another_key_is_not_the_agents() {
    Dpop foreign =
        Dpop.proof(AgentKey.generate()).htm("POST").htu(agent.uri("/token").toString());
    Reply reply = Refused.by(BROKER, () -> exchange(foreign.sign()));
    assertEquals("subject_token", reply.expect(400).text("reason"));
    // With a certificate beside it, the two must agree.
    Reply both =
        Refused.by(
            BROKER,
            () ->
                agent.exchange(
                    Via.MTLS,
                    Policies.READ,
                    Map.of(
                        "DPoP",
                        Dpop.proof(AgentKey.generate())
                            .htm("POST")
                            .htu(agent.uri("/token").toString())
                            .sign())));
    assertEquals("invalid_dpop_proof", both.expect(400).error());
  }

  @Test
  void another_header_is_refused_and_leads_nowhere() throws IOException {
    try (Trap trap = new Trap()) {
      List<Dpop> proofs = new ArrayList<>();
      for (Map.Entry<String, Object> member :
          List.<Map.Entry<String, Object>>of(
              Map.entry("typ", "JWT"),
              Map.entry("typ", "at+jwt"),
              Map.entry("typ", ""),
              Map.entry("typ", 5),
              Map.entry("alg", "none"),
              Map.entry("alg", "HS256"),
              Map.entry("alg", "es256"),
              Map.entry("alg", List.of("ES256")),
              Map.entry("jku", trap.url("http")),
              Map.entry("x5u", trap.url("https")),
              Map.entry("x5c", List.of("AAAA")),
              Map.entry("kid", "x"),
              Map.entry("crit", List.of("exp2")),
              Map.entry("crit", List.of()),
              Map.entry("b64", false),
              Map.entry("zip", "DEF"))) {
        proofs.add(proof().header(member.getKey(), member.getValue()));
      }
      proofs.add(proof().withoutHeader("typ"));
      proofs.add(proof().withoutHeader("alg"));
      refused(proofs.toArray(Dpop[]::new));
      assertEquals(0, trap.connections());
    }
  }

  @Test
  void a_forged_or_respelled_proof_is_refused() {
    String good = proof().sign();
    byte[] spki = agent.key().pair().getPublic().getEncoded();
    refused(
        List.of(
            "",
            "..",
            "a.b.c.d.e",
            good + "=",
            good + ".",
            good + ", " + proof().sign(),
            good.substring(0, good.lastIndexOf('.') + 1),
            good.toUpperCase(Locale.ROOT),
            Jws.withSignature(proof().header("alg", "none").headerJson(), proof().claimsJson(), new byte[0]),
            Jws.withSignature(proof().headerJson(), proof().claimsJson(), new byte[64]),
            Jws.withSignature(proof().headerJson(), proof().claimsJson(), new byte[70]),
            Jws.hmac(proof().header("alg", "HS256").headerJson(), proof().claimsJson(), spki),
            Jws.hmac(proof().headerJson(), proof().claimsJson(), spki),
            claims("\\{", "{\"htm\":\"GET\","),
            claims("\\{", "{\"x\":" + "[".repeat(900) + "]".repeat(900) + ","),
            claims("\\{", "{\"x\":\"" + "y".repeat(9_000) + "\",")));
  }

  @Test
  void two_proofs_are_one_too_many() {
    String form = "Content-Type: application/x-www-form-urlencoded\r\n";
    String two = "DPoP: %s\r\nDPoP: %s\r\n".formatted(proof().sign(), proof().sign());
    String body = Policies.READ.form(agent.svids().jwt());
    Reply reply =
        Refused.by(BROKER, () -> Raw.answer(BROKER, Raw.post("/token", form + two, body)));
    assertEquals("invalid_dpop_proof", reply.expect(400).error());
  }

  @Test
  void with_an_access_token_a_proof_without_its_hash_is_refused() {
    String token = agent.svids().jwt();
    String other = BROKER.agent("deployer").svids().jwt();
    for (Dpop proof :
        List.of(
            agent.proof("GET", "/v1/self"),
            agent.proof("GET", "/v1/self").ath(other),
            agent.proof("GET", "/v1/self").ath(token + " "),
            agent.proof("GET", "/v1/self").claim("ath", Dpop.hash(token) + "="),
            agent.proof("GET", "/v1/self").claim("ath", ""),
            agent.proof("GET", "/v1/self").claim("ath", 5),
            agent.proof("POST", "/v1/self").ath(token),
            agent.proof("GET", "/v1/agents").ath(token))) {
      Map<String, String> headers = Map.of("Authorization", "DPoP " + token, "DPoP", proof.sign());
      Refused.by(BROKER, () -> agent.send(Via.NOTHING, "GET", "/v1/self", headers, "")).expect(401);
    }
    Map<String, String> stolen =
        Map.of(
            "Authorization", "DPoP " + other,
            "DPoP", agent.proof("GET", "/v1/self").ath(other).sign());
    Refused.by(BROKER, () -> agent.send(Via.NOTHING, "GET", "/v1/self", stolen, "")).expect(401);
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
    Refused.by(BROKER, () -> agent.send(Via.NOTHING, "GET", "/v1/self", bearer, "")).expect(401);
    agent.self(Via.DPOP).expect(200);
  }
}
