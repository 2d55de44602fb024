package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.id.JWTID;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.P256;
import dev.writ.broker.token.DpopProofs.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpopProofsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String ISSUER = "https://broker.example:8443";
  private static final Request TOKEN = new Request("POST", "/token", Optional.empty());
  private static final Request SVID = new Request("POST", "/v1/svid", Optional.of("the.jwt.svid"));

  private final Forge agent = Forge.fresh();
  private final DpopProofs proofs = new DpopProofs(ISSUER);

  @Test
  void proves_the_key_for_this_request() {
    String jtiHash =
        Digests.sha256Hex((agent.jkt() + ".unique").getBytes(StandardCharsets.US_ASCII));
    DpopProofs.Proven proven = new DpopProofs.Proven(agent.jkt(), jtiHash, NOW);
    assertEquals(proven, proofs.verify(proof(claims()), TOKEN, NOW));
    assertEquals(proven, proofs.verify(proof(claims()), TOKEN, NOW), "replay is judged elsewhere");
  }

  @Test
  void accepts_what_an_oauth_library_makes_with_and_without_a_token() throws Exception {
    DefaultDPoPProofFactory factory =
        new DefaultDPoPProofFactory(
            P256.jwk(agent.publicKey()).privateKey(agent.pair().getPrivate()).build(),
            JWSAlgorithm.ES256);
    Date now = Date.from(NOW);
    URI token = URI.create(ISSUER + "/token");
    URI svid = URI.create(ISSUER + "/v1/svid");
    assertProven(
        factory.createDPoPJWT(new JWTID(), "POST", token, now, null, null).serialize(), TOKEN);
    assertProven(
        factory
            .createDPoPJWT(
                new JWTID(), "POST", svid, now, new DPoPAccessToken("the.jwt.svid"), null)
            .serialize(),
        SVID);
  }

  @ParameterizedTest
  @CsvSource({"-61,false", "-60,true", "0,true", "5,true", "6,false"})
  void is_good_from_sixty_seconds_back_to_five_ahead(int seconds, boolean good) {
    String proof = proof(claims().replace("IAT", Long.toString(NOW.getEpochSecond() + seconds)));
    DpopProofs.Judgement judgement = proofs.verify(proof, TOKEN, NOW);
    assertEquals(good, judgement instanceof DpopProofs.Proven, judgement.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://broker.example:8443/token",
        "HTTPS://Broker.Example:8443/token",
        "https://broker.example:8443/token?x=1",
        "https://broker.example:8443/token#f"
      })
  void takes_the_url_in_every_spelling_that_means_the_same(String htu) {
    assertProven(proof(claims().replace(ISSUER + "/token", htu)), TOKEN);
  }

  @Test
  void takes_the_default_port_said_or_unsaid_and_an_issuer_with_a_path() {
    DpopProofs plain = new DpopProofs("https://broker.example");
    String said = proof(claims().replace(ISSUER, "https://broker.example:443"));
    assertInstanceOf(DpopProofs.Proven.class, plain.verify(said, TOKEN, NOW));
    DpopProofs below = new DpopProofs("https://broker.example:8443/writ/");
    String path = proof(claims().replace("/token", "/writ/token"));
    assertInstanceOf(DpopProofs.Proven.class, below.verify(path, TOKEN, NOW));
    assertInvalid(path, TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://broker.example:8443/token",
        "https://broker.example/token",
        "https://broker.example:8444/token",
        "https://evil.example:8443/token",
        "https://broker.example:8443/token/",
        "https://broker.example:8443/Token",
        "https://broker.example:8443/%74oken",
        "https://broker.example:8443/x/../token",
        "https://broker.example:8443//token",
        "https://broker.example:8443@evil.example/token",
        "https://user@broker.example:8443/token",
        "https://broker.example.:8443/token",
        "https:broker.example:8443/token",
        "/token",
        "token",
        "https://broker.example:8443",
        "https://[::1/token",
        ""
      })
  void refuses_every_other_url(String htu) {
    assertInvalid(proof(claims().replace(ISSUER + "/token", htu)), TOKEN);
  }

  @Test
  void demands_the_hash_of_the_token_it_goes_with() {
    String svid = claims().replace("/token", "/v1/svid");
    String ath = StrictBase64Url.sha256("the.jwt.svid");
    assertInvalid(proof(svid), SVID);
    assertProven(proof(svid.replace("{", "{\"ath\":\"" + ath + "\",")), SVID);
    assertInvalid(proof(svid.replace("{", "{\"ath\":\"" + ath + "=\",")), SVID);
    String other = StrictBase64Url.sha256("the.jwt.svie");
    assertInvalid(proof(svid.replace("{", "{\"ath\":\"" + other + "\",")), SVID);
    assertInvalid(proof(svid.replace("{", "{\"ath\":[\"" + ath + "\"],")), SVID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"jti\":\"unique\",~",
        "\"unique\"~\"\"",
        "\"unique\"~1",
        "\"unique\"~null",
        "\"unique\"~[\"unique\"]",
        "\"unique\"~\"a\",\"jti\":\"b\"",
        "\"htm\":\"POST\",~",
        "\"POST\"~\"GET\"",
        "\"POST\"~\"post\"",
        "\"POST\"~[\"POST\"]",
        "\"iat\":IAT~\"iat\":\"IAT\"",
        "\"iat\":IAT~\"iat\":IAT.5",
        "\"iat\":IAT~\"iat\":1e400",
        "\"iat\":IAT~\"iat\":-1",
        "\"iat\":IAT~\"iat\":null",
        ",\"iat\":IAT~",
        "\"htu\":~\"htx\":"
      })
  void refuses_every_other_claim_though_the_signature_is_good(String change) {
    String before = change.substring(0, change.indexOf('~'));
    String after = change.substring(change.indexOf('~') + 1);
    assertTrue(claims().contains(before), before);
    assertInvalid(proof(claims().replace(before, after)), TOKEN);
  }

  @Test
  void bounds_the_jti() {
    assertProven(proof(claims().replace("unique", "x".repeat(128))), TOKEN);
    assertInvalid(proof(claims().replace("unique", "x".repeat(129))), TOKEN);
  }

  @Test
  void one_agent_cannot_use_up_anothers_jti() {
    DpopProofs.Proven own = assertProven(proof(claims()), TOKEN);
    Forge other = Forge.fresh();
    DpopProofs.Proven others = assertProven(sign(other, header(other.jwk()), claims()), TOKEN);
    assertNotEquals(own.jtiHash(), others.jtiHash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"jwk\":JWK}",
        "{\"alg\":\"ES256\",\"jwk\":JWK}",
        "{\"typ\":\"DPOP+JWT\",\"alg\":\"ES256\",\"jwk\":JWK}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"none\",\"jwk\":JWK}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"HS256\",\"jwk\":JWK}",
        "{\"typ\":\"dpop+jwt\",\"jwk\":JWK}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":JWK,\"jwk\":JWK}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":JWK,\"kid\":\"x\"}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":JWK,\"jku\":\"https://evil\"}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":JWK,\"x5c\":[]}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":JWK,\"crit\":[\"jwk\"]}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":[JWK]}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":\"JWK\"}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":null}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{}}"
      })
  void refuses_every_other_header_though_the_signature_is_good(String header) {
    assertInvalid(sign(agent, header.replace("JWK", agent.jwk()), claims()), TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"kty\":\"EC\"~\"kty\":\"EC\",\"d\":\"AAAA\"",
        "\"kty\":\"EC\"~\"kty\":\"EC\",\"x5u\":\"https://evil\"",
        "\"kty\":\"EC\"~\"kty\":\"EC\",\"use\":\"enc\"",
        "\"kty\":\"EC\"~\"kty\":\"EC\",\"key_ops\":[\"encrypt\"]",
        "\"kty\":\"EC\"~\"kty\":\"EC\",\"alg\":\"HS256\"",
        "\"kty\":\"EC\"~\"kty\":\"oct\"",
        "\"kty\":\"EC\"~\"kty\":[\"EC\"]",
        "P-256~P-384",
        "P-256~secp256k1",
        "\"x\":\"~\"x\":\"A",
        "\"x\":\"~\"x\":\"AAAA",
        "\"x\":~\"z\":"
      })
  void refuses_every_other_key(String change) {
    String before = change.substring(0, change.indexOf('~'));
    String after = change.substring(change.indexOf('~') + 1);
    String jwk = agent.jwk();
    assertTrue(jwk.contains(before), jwk);
    assertInvalid(sign(agent, header(jwk.replace(before, after)), claims()), TOKEN);
  }

  @Test
  void takes_a_key_as_web_crypto_exports_it() {
    String jwk = agent.jwk().replace("{", "{\"ext\":true,\"key_ops\":[\"verify\"],");
    assertProven(sign(agent, header(jwk), claims()), TOKEN);
  }

  @Test
  void refuses_a_point_off_the_curve_and_the_key_of_another() {
    String zero = "A".repeat(43);
    String offCurve =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + zero + "\",\"y\":\"" + zero + "\"}";
    assertInvalid(sign(agent, header(offCurve), claims()), TOKEN);
    assertInvalid(sign(agent, header(Forge.fresh().jwk()), claims()), TOKEN);
  }

  @Test
  void never_repeats_the_input_in_its_reason() {
    String proof = sign(agent, header("{\"kty\":\"SECRET\"}"), "SECRET");
    assertFalse(assertInvalid(proof, TOKEN).reason().contains("SECRET"));
    String claims = claims().replace("POST", "SECRET");
    assertFalse(assertInvalid(proof(claims), TOKEN).reason().contains("SECRET"));
  }

  private DpopProofs.Proven assertProven(String proof, Request request) {
    return assertInstanceOf(DpopProofs.Proven.class, proofs.verify(proof, request, NOW));
  }

  private DpopProofs.Invalid assertInvalid(String proof, Request request) {
    return assertInstanceOf(DpopProofs.Invalid.class, proofs.verify(proof, request, NOW));
  }

  private String proof(String claims) {
    return sign(agent, header(agent.jwk()), claims);
  }

  private static String sign(Forge forge, String header, String claims) {
    return forge.sign(header, claims.replace("IAT", Long.toString(NOW.getEpochSecond())));
  }

  private static String header(String jwk) {
    return "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}";
  }

  private static String claims() {
    return "{\"jti\":\"unique\",\"htm\":\"POST\",\"htu\":\"" + ISSUER + "/token\",\"iat\":IAT}";
  }
}
