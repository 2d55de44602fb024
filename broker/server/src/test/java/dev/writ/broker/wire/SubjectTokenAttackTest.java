package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Jws;
import dev.writ.fixtures.keys.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Forged and altered JWT-SVIDs, sent by the very agent that they name, over mutual TLS, so that
 * nothing but the token is wrong. What a good signature does not save is {@code JwtSvidsTest}'s.
 */
class SubjectTokenAttackTest {
  private static final AgentKey OWN = AgentKey.generate();

  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static AgentClient agent;
  private static String good;
  private static String header;
  private static String claims;
  private static byte[] signature;

  @BeforeAll
  static void enrol() {
    agent = BROKER.agent("deployer");
    good = agent.svids().jwt();
    String[] parts = good.split("\\.");
    header = text(parts[0]);
    claims = text(parts[1]);
    signature = Base64.getUrlDecoder().decode(parts[2]);
  }

  private static String text(String base64) {
    return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  @AfterEach
  void the_good_token_is_good_still() {
    agent.exchange(Via.MTLS, Policies.READ).expect(200);
  }

  /** All are refused in the same words, as subject token and as access token of DPoP. */
  private static void refused(List<String> tokens) {
    String words =
        Refused.by(
                BROKER,
                () -> agent.exchange(Via.MTLS, Policies.READ.with("subject_token", "nonsense")))
            .body();
    for (String token : tokens) {
      Reply reply =
          Refused.by(
              BROKER, () -> agent.exchange(Via.MTLS, Policies.READ.with("subject_token", token)));
      assertEquals("invalid_request", reply.expect(400).error(), token);
      assertEquals("subject_token", reply.text("reason"), token);
      assertEquals(words, reply.body(), token);
    }
  }

  private static void refusedAsAccessToken(List<String> tokens) {
    for (String token : tokens) {
      Map<String, String> headers =
          Map.of(
              "Authorization", "DPoP " + token,
              "DPoP", agent.proof("GET", "/v1/self").ath(token).sign());
      Refused.by(BROKER, () -> agent.send(Via.NOTHING, "GET", "/v1/self", headers, ""))
          .expect(401);
    }
  }

  /** The header with members replaced or added: a JSON object's inside. */
  private static String header(String members) {
    return "{" + members + "}";
  }

  private static String kid() {
    return header.replaceFirst(".*\"kid\":\"([^\"]+)\".*", "$1");
  }

  private static List<String> forged() {
    List<String> tokens = new ArrayList<>();
    String named = "\"typ\":\"JWT\",\"kid\":\"" + kid() + "\"";
    for (String algorithm : List.of("none", "None", "NONE", "nOnE", "")) {
      String head = header("\"alg\":\"" + algorithm + "\"," + named);
      tokens.add(Jws.withSignature(head, claims, new byte[0]));
      tokens.add(Jws.withSignature(head, claims, signature));
    }
    JsonNode key = BROKER.anybody().get(agent.uri("/jwks")).json().path("keys").path(0);
    byte[] certificate = Base64.getDecoder().decode(key.path("x5c").path(0).asText());
    String pem = "-----BEGIN CERTIFICATE-----\n" + key.path("x5c").path(0).asText();
    byte[] point =
        join(
            new byte[] {4},
            Base64.getUrlDecoder().decode(key.path("x").asText()),
            Base64.getUrlDecoder().decode(key.path("y").asText()));
    byte[] spki = Pem.certificates(pem + "\n-----END CERTIFICATE-----\n").getFirst().getPublicKey().getEncoded();
    for (byte[] secret :
        List.of(spki, certificate, point, key.toString().getBytes(StandardCharsets.UTF_8), kid().getBytes(StandardCharsets.UTF_8))) {
      tokens.add(Jws.hmac(header("\"alg\":\"HS256\"," + named), claims, secret));
      tokens.add(Jws.hmac(header, claims, secret));
    }
    tokens.add(Jws.sign(header, claims, OWN.pair().getPrivate()));
    tokens.add(Jws.sign(header("\"alg\":\"RS256\"," + named), claims, AgentKey.pair("RSA", "").getPrivate()));
    tokens.add(Jws.sign(header("\"alg\":\"EdDSA\"," + named), claims, AgentKey.pair("Ed25519", "").getPrivate()));
    tokens.add(Jws.sign(header("\"alg\":\"ES384\"," + named), claims, OWN.pair().getPrivate()));
    return tokens;
  }

  private static byte[] join(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void another_algorithm_or_key_signs_nothing() {
    refused(forged());
    refusedAsAccessToken(forged());
  }

  @Test
  void a_key_that_the_token_brings_or_points_to_is_not_looked_at() throws IOException {
    try (Trap trap = new Trap()) {
      String jwk = OWN.publicJwk().toJSONString();
      List<String> tokens = new ArrayList<>();
      for (String member :
          List.of(
              "\"jwk\":" + jwk,
              "\"jku\":\"" + trap.url("http") + "\"",
              "\"jku\":\"" + trap.url("https") + "\"",
              "\"x5u\":\"" + trap.url("http") + "\"",
              "\"x5c\":[\"" + Base64.getEncoder().encodeToString(agentCertificate()) + "\"]",
              "\"x5t\":\"" + kid() + "\"",
              "\"kid\":\"" + trap.url("http") + "\"",
              "\"crit\":[\"exp\"],\"exp\":1",
              "\"crit\":[\"b64\"],\"b64\":false",
              "\"b64\":false",
              "\"zip\":\"DEF\"",
              "\"cty\":\"JWT\"")) {
        String kid = member.startsWith("\"kid\"") ? "" : ",\"kid\":\"" + kid() + "\"";
        String head = header("\"alg\":\"ES256\",\"typ\":\"JWT\"" + kid + "," + member);
        tokens.add(Jws.sign(head, claims, OWN.pair().getPrivate()));
      }
      refused(tokens);
      refusedAsAccessToken(tokens);
      assertEquals(0, trap.connections());
    }
  }

  private static byte[] agentCertificate() {
    try {
      return agent.svids().x509().getFirst().getEncoded();
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatever_stands_as_kid_finds_no_key() {
    List<String> tokens = new ArrayList<>();
    for (String kid :
        List.of(
            "\"\"",
            "null",
            "5",
            "[\"" + kid() + "\"]",
            "\"../../../../dev/null\"",
            "\"file:///etc/passwd\"",
            "\"' OR '1'='1\"",
            "\"x'; DROP TABLE agent; --\"",
            "\"\\u0000\"",
            "\"" + kid() + "\\u0000\"",
            "\"" + kid() + " \"",
            "\"\\r\\nX: y\"",
            "\"\\ud800\"",
            "\"" + "k".repeat(5_000) + "\"")) {
      tokens.add(
          Jws.sign(header("\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":" + kid), claims, OWN.pair().getPrivate()));
    }
    tokens.add(Jws.sign(header("\"alg\":\"ES256\",\"typ\":\"JWT\""), claims, OWN.pair().getPrivate()));
    tokens.add(
        Jws.sign(header.replaceFirst("\\{", "{\"kid\":\"x\","), claims, OWN.pair().getPrivate()));
    refused(tokens);
  }

  @Test
  void a_signature_in_another_form_is_none() throws IOException {
    BigInteger r = new BigInteger(1, java.util.Arrays.copyOf(signature, 32));
    BigInteger s = new BigInteger(1, java.util.Arrays.copyOfRange(signature, 32, 64));
    byte[] der =
        new DERSequence(new ASN1Integer[] {new ASN1Integer(r), new ASN1Integer(s)}).getEncoded();
    byte[] flipped = signature.clone();
    flipped[40] ^= 1;
    byte[] ones = new byte[64];
    java.util.Arrays.fill(ones, (byte) 0xff);
    List<String> tokens = new ArrayList<>();
    for (byte[] other :
        List.of(
            new byte[0],
            new byte[64],
            ones,
            der,
            flipped,
            java.util.Arrays.copyOf(signature, 63),
            java.util.Arrays.copyOf(signature, 65),
            java.util.Arrays.copyOf(signature, 128),
            join(new byte[1], signature))) {
      tokens.add(Jws.withSignature(header, claims, other));
    }
    refused(tokens);
    refusedAsAccessToken(tokens);
  }

  @Test
  void another_spelling_of_a_good_token_is_not_that_token() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = good.charAt(good.length() - 1);
    String stray = good.substring(0, good.length() - 1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
    refused(
        List.of(
            stray,
            good + "=",
            good + "==",
            good + " ",
            " " + good,
            good + "\n",
            good + "\u00a0",
            good + ".",
            good + "." + good,
            "." + good,
            good.substring(0, good.lastIndexOf('.')),
            good.substring(0, good.lastIndexOf('.') + 1),
            good.replace(".", ".="),
            good.replace('.', ','),
            good.replaceFirst("\\.", "%2E"),
            good.toUpperCase(java.util.Locale.ROOT),
            "\ufeff" + good,
            "Bearer " + good,
            "{\"payload\":\"" + good.split("\\.")[1] + "\"}",
            good.split("\\.")[0] + ".." + good.split("\\.")[2]));
  }

  @Test
  void encrypted_deep_and_huge_tokens_are_refused() {
    String jwe = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}".getBytes(StandardCharsets.UTF_8));
    refused(
        List.of(
            jwe + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
            "a.b.c.d.e",
            "....",
            "..",
            Jws.sign("null", claims, OWN.pair().getPrivate()),
            Jws.sign("[]", claims, OWN.pair().getPrivate()),
            Jws.sign("", claims, OWN.pair().getPrivate()),
            Jws.sign(header, "null", OWN.pair().getPrivate()),
            Jws.sign(header, "[".repeat(2_000) + "]".repeat(2_000), OWN.pair().getPrivate()),
            Jws.sign("{\"a\":".repeat(800) + "1" + "}".repeat(800), claims, OWN.pair().getPrivate()),
            Jws.sign(header, "{\"x\":\"" + "y".repeat(30_000) + "\"}", OWN.pair().getPrivate()),
            "A".repeat(60_000)));
  }
}
