package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import io.spiffe.bundle.jwtbundle.JwtBundle;
import io.spiffe.svid.jwtsvid.JwtSvid;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtSvidsTest {

  /** Real time, for java-spiffe looks at the clock. */
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private static final Instant END = NOW.plusSeconds(3_600);
  private static final String ISSUER = "https://broker.example";
  private static final TrustDomain DOMAIN = new TrustDomain("writ.local");
  private static final SpiffeId AGENT =
      new SpiffeId(DOMAIN, UUID.fromString("0198c0de-0000-7000-8000-000000000001"));
  private static final String JKT = Forge.fresh().jkt();

  private final Forge thief = Forge.fresh();
  private final TokenKey key = TestKeys.tokenKey(KeySlot.TOKEN, thief.pair(), NOW);
  private KeyRing ring = TestKeys.ring(key, NOW);
  private final JwtSvids svids = new JwtSvids(ISSUER, DOMAIN, () -> ring);

  @Test
  void has_exactly_the_header_and_claims_of_the_contract() throws Exception {
    SignedToken token = svids.issue(AGENT, JKT, NOW, END.plusMillis(999));
    assertEquals(
        Map.of("alg", "ES256", "kid", key.kid(), "typ", "JWT"), members(part(token.text(), 0)));
    assertEquals(
        new ObjectMapper()
            .readTree(
                "{\"sub\":\"%s\",\"aud\":[\"%s\"],\"exp\":%d,\"iat\":%d,\"cnf\":{\"jkt\":\"%s\"}}"
                    .formatted(AGENT, ISSUER, END.getEpochSecond(), NOW.getEpochSecond(), JKT)),
        part(token.text(), 1));
    assertEquals(END, token.expiresAt());
    assertEquals(key.kid(), token.kid());
    assertEquals(
        Digests.sha256Hex(token.text().getBytes(StandardCharsets.US_ASCII)), token.sha256());
    assertFalse(token.toString().contains(token.text()));
  }

  @Test
  void java_spiffe_accepts_it() throws Exception {
    var domain = io.spiffe.spiffeid.TrustDomain.parse(DOMAIN.name());
    JwtBundle bundle = new JwtBundle(domain, Map.of(key.kid(), key.verification().publicKey()));
    JwtSvid parsed =
        JwtSvid.parseAndValidate(svids.issue(AGENT, JKT, NOW, END).text(), bundle, Set.of(ISSUER));
    assertEquals(AGENT.toString(), parsed.getSpiffeId().toString());
  }

  @Test
  void verifies_what_it_issued_the_second_time_as_the_first() {
    String token = svids.issue(AGENT, JKT, NOW, END).text();
    JwtSvids.Verified verified = new JwtSvids.Verified(AGENT, JKT, END, key.kid());
    assertEquals(verified, svids.verify(token, NOW));
    assertEquals(verified, svids.verify(token, NOW));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void expires_exactly_at_its_end_whether_remembered_or_not(boolean remembered) {
    String token = svids.issue(AGENT, JKT, NOW, END).text();
    if (remembered) {
      assertInstanceOf(JwtSvids.Verified.class, svids.verify(token, END.minusNanos(1)));
    }
    JwtSvids.Expired expired = new JwtSvids.Expired(AGENT, JKT, END, key.kid());
    assertEquals(expired, svids.verify(token, END));
    assertEquals(expired, svids.verify(token, END.plusSeconds(86_400)));
    assertInstanceOf(JwtSvids.Verified.class, svids.verify(token, END.minusNanos(1)));
  }

  @Test
  void refuses_what_was_issued_in_the_future_but_for_a_difference_of_clocks() {
    String token = svids.issue(AGENT, JKT, NOW, END).text();
    assertInvalid(token, NOW.minusMillis(10_001));
    assertInstanceOf(JwtSvids.Verified.class, svids.verify(token, NOW.minusSeconds(10)));
  }

  @Test
  void forgets_a_remembered_token_when_its_key_falls_into_distrust() {
    String token = svids.issue(AGENT, JKT, NOW, END).text();
    assertInstanceOf(JwtSvids.Verified.class, svids.verify(token, NOW));
    TokenKey heir = TestKeys.tokenKey(KeySlot.TOKEN, NOW);
    KeySchedule.Distrust distrust =
        ring.schedule().distrust(key.kid(), Optional.of(heir.verification()), NOW);
    ring =
        KeyRing.of(
            assertInstanceOf(KeySchedule.Distrust.Distrusted.class, distrust).schedule(), heir);
    assertInvalid(token, NOW);
  }

  @Test
  void refuses_our_own_tokens_of_every_other_kind() {
    String claims = claims("");
    assertInvalid(key.sign("at+jwt", claims.getBytes(StandardCharsets.UTF_8)), NOW);
    assertInvalid(key.sign("jwt", claims.getBytes(StandardCharsets.UTF_8)), NOW);
    assertInvalid(key.sign("dpop+jwt", claims.getBytes(StandardCharsets.UTF_8)), NOW);
    TokenKey sts = TestKeys.tokenKey(KeySlot.STS, NOW);
    assertInvalid(sts.sign("JWT", claims.getBytes(StandardCharsets.UTF_8)), NOW);
    Forge agent = Forge.fresh();
    String header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + agent.jwk() + "}";
    assertInvalid(agent.sign(header, claims), NOW);
    assertInstanceOf(JwtSvids.Verified.class, svids.verify(signed(claims), NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"None\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES384\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"es256\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":[\"ES256\"],\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JOSE\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"crit\":[\"x\"],\"x\":1}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"b64\":true}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"jku\":\"https://evil/jwks\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"x5u\":\"https://evil/x\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"x5c\":[\"AAAA\"]}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"jwk\":JWK}",
        "{\"alg\":\"ES256\",\"jwk\":JWK,\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"cty\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\",\"zip\":\"DEF\"}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"../../etc/passwd\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"' OR '1'='1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"KID\\u0000\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"\\r\\nKID\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":[\"KID\"],\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":null,\"typ\":\"JWT\"}",
        "[\"ES256\"]",
        "{\"alg\":\"ES256\",\"kid\":\"KID\",\"typ\":\"JWT\"}x",
        ""
      })
  void refuses_every_other_header_though_the_signature_is_good(String header) {
    Forge forge = Forge.fresh();
    String text = header.replace("KID", key.kid()).replace("JWK", forge.jwk());
    assertInvalid(thief.sign(text, claims("")), NOW);
    assertInvalid(forge.sign(text, claims("")), NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":EXP,~",
        "\"exp\":EXP~\"exp\":\"EXP\"",
        "\"exp\":EXP~\"exp\":1e400",
        "\"exp\":EXP~\"exp\":-1",
        "\"exp\":EXP~\"exp\":EXP.5",
        "\"exp\":EXP~\"exp\":EXP.0",
        "\"exp\":EXP~\"exp\":4e9",
        "\"exp\":EXP~\"exp\":9999999999999999999999",
        "\"exp\":EXP~\"exp\":253402300800",
        "\"exp\":EXP~\"exp\":null",
        "\"exp\":EXP~\"exp\":[EXP]",
        "\"exp\":EXP~\"exp\":true",
        "\"exp\":EXP~\"exp\":1,\"exp\":EXP",
        "\"iat\":IAT,~",
        "\"iat\":IAT~\"iat\":\"IAT\"",
        "\"iat\":IAT~\"iat\":-1",
        "\"aud\":[\"ISS\"],~",
        "\"aud\":[\"ISS\"]~\"aud\":\"ISS\"",
        "\"aud\":[\"ISS\"]~\"aud\":[]",
        "\"aud\":[\"ISS\"]~\"aud\":[\"ISS\",\"ISS\"]",
        "\"aud\":[\"ISS\"]~\"aud\":[\"ISS\",\"https://other\"]",
        "\"aud\":[\"ISS\"]~\"aud\":[\"ISS/\"]",
        "\"aud\":[\"ISS\"]~\"aud\":[\"https://broker\"]",
        "\"aud\":[\"ISS\"]~\"aud\":[\"HTTPS://broker.example\"]",
        "\"aud\":[\"ISS\"]~\"aud\":[[\"ISS\"]]",
        "\"aud\":[\"ISS\"]~\"aud\":\"\"",
        "\"aud\":[\"ISS\"]~\"aud\":null",
        "\"sub\":\"SUB\",~",
        "\"sub\":\"SUB\"~\"sub\":\"SUB/x\"",
        "\"sub\":\"SUB\"~\"sub\":[\"SUB\"]",
        "writ.local~other.local",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"cnf\":{}",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"cnf\":null",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"cnf\":{\"jkt\":\"x\"}",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"cnf\":{\"jkt\":\"JKT\",\"x5t#S256\":\"JKT\"}",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"cnf\":{\"jkt\":\"JKT\",\"jkt\":\"JKT\"}",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"nbf\":1,\"cnf\":{\"jkt\":\"JKT\"}",
        "\"cnf\":{\"jkt\":\"JKT\"}~\"scope\":\"a\",\"cnf\":{\"jkt\":\"JKT\"}"
      })
  void refuses_every_other_claim_though_the_signature_is_good(String change) {
    String before = concrete(change.substring(0, change.indexOf('~')));
    String after = concrete(change.substring(change.indexOf('~') + 1));
    String good = claims("");
    assertTrue(good.contains(before), before);
    assertInvalid(signed(good.replace(before, after)), NOW);
  }

  @Test
  void refuses_deep_json_and_what_is_too_long() {
    String deep = "\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + ",";
    assertInvalid(signed(claims(deep)), NOW);
    assertInvalid(signed(claims("\"x\":\"" + "a".repeat(8_000) + "\",")), NOW);
    assertInvalid("a".repeat(10_000_000), NOW);
    assertInvalid(".".repeat(8_000), NOW);
  }

  @Test
  void refuses_other_spellings_of_a_good_token() {
    String token = svids.issue(AGENT, JKT, NOW, END).text();
    assertInvalid(token + "=", NOW);
    assertInvalid(token + "\n", NOW);
    assertInvalid(" " + token, NOW);
    assertInvalid(token + ".", NOW);
    assertInvalid("." + token, NOW);
    assertInvalid(token.replaceFirst("\\.", ".."), NOW);
    assertInvalid(token.substring(0, token.lastIndexOf('.') + 1), NOW);
    assertInvalid(token.substring(0, token.lastIndexOf('.')), NOW);
    assertInvalid(strayBits(token), NOW);
    assertInvalid("", NOW);
    assertInvalid("{\"payload\":\"\",\"signatures\":[]}", NOW);
    assertInstanceOf(JwtSvids.Verified.class, svids.verify(token, NOW));
    assertInvalid(strayBits(token), NOW);
  }

  @Test
  void refuses_encrypted_tokens() {
    String header = Forge.encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"typ\":\"JWT\"}");
    assertInvalid(header + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", NOW);
    assertInvalid(header + ".AAAA." + "A".repeat(86), NOW);
  }

  @Test
  void refuses_signatures_whose_halves_are_out_of_range() {
    String input = Forge.encode(header()) + "." + Forge.encode(claims(""));
    byte[] order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)
            .toByteArray();
    byte[] n = Arrays.copyOfRange(order, 1, 33);
    byte[] one = new byte[32];
    one[31] = 1;
    byte[] max = new byte[32];
    Arrays.fill(max, (byte) 0xff);
    for (byte[] r : List.of(new byte[32], one, n, max)) {
      for (byte[] s : List.of(new byte[32], one, n, max)) {
        byte[] signature = Arrays.copyOf(r, 64);
        System.arraycopy(s, 0, signature, 32, 32);
        assertInvalid(input + "." + StrictBase64Url.encode(signature), NOW);
      }
    }
    for (int length : new int[] {0, 63, 65, 96, 128}) {
      assertInvalid(input + "." + StrictBase64Url.encode(new byte[length]), NOW);
    }
  }

  @Test
  void refuses_a_der_signature_and_a_signature_by_another_key() {
    String input = Forge.encode(header()) + "." + Forge.encode(claims(""));
    assertInvalid(Forge.fresh().signRaw(input), NOW);
    byte[] raw = StrictBase64Url.decode(signed(claims("")).split("\\.", -1)[2]).orElseThrow();
    byte[] der = new byte[72];
    der[0] = 0x30;
    System.arraycopy(raw, 0, der, 8, 64);
    assertInvalid(input + "." + StrictBase64Url.encode(der), NOW);
  }

  @Test
  void never_repeats_the_input_in_its_reason() {
    String token = Forge.fresh().sign("{\"alg\":\"SECRET\"}", "SECRET");
    JwtSvids.Invalid invalid = assertInstanceOf(JwtSvids.Invalid.class, svids.verify(token, NOW));
    assertFalse(invalid.reason().contains("SECRET"));
  }

  private void assertInvalid(String token, Instant now) {
    assertInstanceOf(JwtSvids.Invalid.class, svids.verify(token, now));
  }

  /** Sets a bit of the last character that decodes to nothing. */
  private static String strayBits(String token) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    return token.substring(0, token.length() - 1) + alphabet.charAt(last | 1);
  }

  private String header() {
    return "{\"alg\":\"ES256\",\"kid\":\"" + key.kid() + "\",\"typ\":\"JWT\"}";
  }

  private String signed(String claims) {
    return key.sign("JWT", claims.getBytes(StandardCharsets.UTF_8));
  }

  private String claims(String more) {
    return concrete(
        "{"
            + more
            + "\"sub\":\"SUB\",\"aud\":[\"ISS\"],\"exp\":EXP,\"iat\":IAT,"
            + "\"cnf\":{\"jkt\":\"JKT\"}}");
  }

  private String concrete(String template) {
    return template
        .replace("SUB", AGENT.toString())
        .replace("ISS", ISSUER)
        .replace("EXP", Long.toString(END.getEpochSecond()))
        .replace("IAT", Long.toString(NOW.getEpochSecond()))
        .replace("JKT", JKT);
  }

  private static JsonNode part(String token, int number) throws Exception {
    return new ObjectMapper()
        .readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[number]));
  }

  private static Map<String, String> members(JsonNode object) {
    return new ObjectMapper().convertValue(object, new TypeReference<Map<String, String>>() {});
  }
}
