package dev.writ.broker.trust;

import static dev.writ.broker.trust.Fixture.AGENT;
import static dev.writ.broker.trust.Fixture.DOMAIN;
import static dev.writ.broker.trust.Fixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Openssl;
import dev.writ.broker.keys.TestKeys;
import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.svid.x509svid.X509SvidValidator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SvidIssuerTest {

  @TempDir Path directory;

  private final Fixture fixture = new Fixture();

  @Test
  void java_spiffe_accepts_the_svid_and_its_chain() throws Exception {
    X509Svid svid = fixture.svid();
    io.spiffe.svid.x509svid.X509Svid parsed =
        io.spiffe.svid.x509svid.X509Svid.parse(
            svid.pem().getBytes(StandardCharsets.US_ASCII), pkcs8Pem());
    assertEquals(AGENT.toString(), parsed.getSpiffeId().toString());
    X509Bundle bundle =
        new X509Bundle(
            io.spiffe.spiffeid.TrustDomain.parse(DOMAIN.name()),
            Set.of(fixture.root.certificate()));
    X509SvidValidator.verifyChain(parsed.getChain(), bundle);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sslclient", "sslserver"})
  void openssl_accepts_the_svid_for_both_sides_of_tls(String purpose) throws Exception {
    X509Svid svid = fixture.svid();
    Openssl.Result result = opensslVerify(svid.chain(), "-purpose", purpose);
    assertEquals(0, result.status(), result.output());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "genpkey -algorithm ED25519",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
      })
  void openssl_accepts_chains_under_every_kind_of_root_key(String command) throws Exception {
    String pem = Openssl.run(directory, command.split(" ")).output();
    Root root = Root.create(TestKeys.signer(pem.substring(pem.indexOf("-----BEGIN"))), DOMAIN, NOW);
    X509Svid svid =
        root.svidIssuer(InstantSource.fixed(NOW), Duration.ofHours(1))
            .x509(AGENT, fixture.agentPublic(), NOW.plus(Duration.ofHours(1)));
    Fixture.write(directory, "root.pem", List.of(root.certificate()));
    Fixture.write(directory, "chain.pem", svid.chain());
    Openssl.Result result =
        Openssl.run(
            directory,
            "verify",
            "-x509_strict",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "chain.pem",
            "chain.pem");
    assertEquals(0, result.status(), result.output());
    ClientCertificates certificates =
        new ClientCertificates(DOMAIN, List.of(root.certificate()), id -> false);
    assertTrue(certificates.verify(svid.chain(), NOW) instanceof ClientCertificates.Proven);
  }

  @Test
  void has_the_form_of_the_x509_svid_profile() throws Exception {
    X509Certificate leaf = fixture.svid().leaf();
    assertEquals(1, leaf.getSubjectAlternativeNames().size());
    assertEquals(List.of(AGENT.toString()), Profile.uris(leaf));
    assertEquals(-1, leaf.getBasicConstraints());
    boolean[] usage = leaf.getKeyUsage();
    for (int bit = 0; bit < usage.length; bit++) {
      assertEquals(bit == 0, usage[bit], "only digitalSignature");
    }
    assertEquals(
        Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), Set.copyOf(leaf.getExtendedKeyUsage()));
    assertFalse(leaf.getSubjectX500Principal().getName().contains("CN="));
    assertNotEquals(leaf.getSerialNumber(), fixture.svid().leaf().getSerialNumber());
    assertEquals(127, leaf.getSerialNumber().bitLength());
  }

  @Test
  void the_intermediate_can_issue_leaves_only_and_is_a_spiffe_signing_certificate() {
    X509Certificate intermediate = fixture.issuer.certificate();
    assertEquals(0, intermediate.getBasicConstraints());
    assertEquals(List.of(DOMAIN.id()), Profile.uris(intermediate));
    assertNotNull(intermediate.getExtensionValue("2.5.29.30"));
    assertEquals(Certificates.keyId(intermediate.getPublicKey()), fixture.issuer.id());
  }

  @Test
  void ends_with_the_agent_or_after_the_svid_life_or_with_the_intermediate() {
    Instant second = NOW.truncatedTo(ChronoUnit.SECONDS);
    assertEquals(second.plusSeconds(600), svid(NOW.plusSeconds(600)).notAfter());
    assertEquals(second.plusSeconds(3_600), svid(NOW.plusSeconds(3_600)).notAfter());
    assertEquals(second.plusSeconds(3_600), svid(NOW.plusSeconds(86_400)).notAfter());
    Instant late = NOW.plus(Duration.ofHours(26)).minusSeconds(60);
    Intermediate old = fixture.root.intermediate(NOW, "agents", Names.agents(DOMAIN));
    SvidIssuer issuer = new SvidIssuer(DOMAIN, old, InstantSource.fixed(late), Duration.ofHours(1));
    assertEquals(old.notAfter(), issuer.x509(AGENT, fixture.agentPublic(), Instant.MAX).notAfter());
  }

  @Test
  void begins_at_most_sixty_seconds_back() {
    Instant begin = fixture.svid().leaf().getNotBefore().toInstant();
    assertFalse(begin.isBefore(NOW.minusSeconds(60)), begin + " " + NOW);
    assertTrue(begin.isBefore(NOW.minusSeconds(58)));
  }

  @Test
  void refuses_to_issue_for_the_dead_and_for_strangers() {
    assertThrows(KeyException.class, () -> svid(NOW));
    assertThrows(KeyException.class, () -> svid(NOW.minusSeconds(1)));
    SpiffeId stranger = new SpiffeId(new TrustDomain("other.local"), UUID.randomUUID());
    assertThrows(
        IllegalArgumentException.class,
        () -> fixture.issuer.x509(stranger, fixture.agentPublic(), NOW.plusSeconds(60)));
    InstantSource clock = InstantSource.fixed(NOW);
    assertThrows(
        IllegalArgumentException.class,
        () -> fixture.root.svidIssuer(clock, Duration.ofSeconds(3_601)));
  }

  @Test
  void the_root_certificate_is_loaded_by_the_holder_of_its_key_alone() {
    var signer = TestKeys.signer();
    Root made = Root.create(signer, DOMAIN, NOW);
    assertEquals(signer.id(), Root.load(signer, DOMAIN, made.certificate(), Optional.empty()).id());
    assertThrows(
        KeyException.class,
        () -> Root.load(TestKeys.signer(), DOMAIN, made.certificate(), Optional.empty()));
    assertThrows(
        KeyException.class,
        () ->
            Root.load(
                signer, new TrustDomain("other.local"), made.certificate(), Optional.empty()));
  }

  private X509Svid svid(Instant agentEnd) {
    return fixture.issuer.x509(AGENT, fixture.agentPublic(), agentEnd);
  }

  private byte[] pkcs8Pem() {
    String body =
        java.util.Base64.getMimeEncoder()
            .encodeToString(fixture.agentKey.getPrivate().getEncoded());
    return ("-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private Openssl.Result opensslVerify(List<X509Certificate> chain, String... options)
      throws Exception {
    Fixture.write(directory, "root.pem", List.of(fixture.root.certificate()));
    Fixture.write(directory, "chain.pem", chain);
    List<String> arguments = new java.util.ArrayList<>(List.of("verify", "-x509_strict"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-CAfile", "root.pem", "-untrusted", "chain.pem", "chain.pem"));
    return Openssl.run(directory, arguments.toArray(String[]::new));
  }
}
