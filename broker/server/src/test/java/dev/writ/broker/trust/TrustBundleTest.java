package dev.writ.broker.trust;

import static dev.writ.broker.trust.Fixture.DOMAIN;
import static dev.writ.broker.trust.Fixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.Openssl;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.keys.TokenKey;
import io.spiffe.bundle.jwtbundle.JwtBundle;
import io.spiffe.bundle.x509bundle.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustBundleTest {

  @TempDir Path directory;

  private final Fixture fixture = new Fixture();
  private final TokenKey key = TestKeys.tokenKey(KeySlot.TOKEN, NOW);
  private final TrustBundle bundle =
      new TrustBundle(
          List.of(fixture.root.certificate()),
          List.of(key.verification()),
          7,
          Duration.ofMinutes(5));

  @Test
  void is_a_spiffe_bundle() throws Exception {
    JsonNode json = new ObjectMapper().readTree(bundle.json());
    assertEquals(7, json.path("spiffe_sequence").asLong());
    assertEquals(300, json.path("spiffe_refresh_hint").asLong());
    assertEquals(2, json.path("keys").size());
    JsonNode x509 = json.path("keys").get(0);
    assertEquals("x509-svid", x509.path("use").asText());
    assertEquals(1, x509.path("x5c").size());
    JsonNode jwt = json.path("keys").get(1);
    assertEquals("jwt-svid", jwt.path("use").asText());
    assertEquals(key.kid(), jwt.path("kid").asText());
    assertFalse(jwt.has("d"));
  }

  @Test
  void java_spiffe_reads_both_halves() throws Exception {
    var domain = io.spiffe.spiffeid.TrustDomain.parse(DOMAIN.name());
    TrustBundle tokenKeys = new TrustBundle(List.of(), bundle.tokenKeys(), 7, bundle.refreshHint());
    JwtBundle jwt = JwtBundle.parse(domain, tokenKeys.json().getBytes(StandardCharsets.UTF_8));
    assertEquals(key.verification().publicKey(), jwt.findJwtAuthority(key.kid()));
    X509Bundle x509 = X509Bundle.parse(domain, bundle.pem().getBytes(StandardCharsets.UTF_8));
    assertEquals(Set.of(fixture.root.certificate()), x509.getX509Authorities());
  }

  @ParameterizedTest
  @CsvSource({
    "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, RSA",
    "genpkey -algorithm ED25519, OKP",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, EC"
  })
  void prints_roots_of_every_kind_of_key(String command, String kty) throws Exception {
    String pem = Openssl.run(directory, command.split(" ")).output();
    Root root = Root.create(TestKeys.signer(pem.substring(pem.indexOf("-----BEGIN"))), DOMAIN, NOW);
    TrustBundle other =
        new TrustBundle(List.of(root.certificate()), List.of(), 1, Duration.ofMinutes(5));
    JsonNode json = new ObjectMapper().readTree(other.json()).path("keys").get(0);
    assertEquals(kty, json.path("kty").asText());
    assertFalse(json.has("d"));
  }
}
