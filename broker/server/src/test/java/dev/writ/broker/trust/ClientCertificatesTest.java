package dev.writ.broker.trust;

import static dev.writ.broker.trust.Fixture.AGENT;
import static dev.writ.broker.trust.Fixture.DOMAIN;
import static dev.writ.broker.trust.Fixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.P256;
import dev.writ.broker.trust.ClientCertificates.Reason;
import dev.writ.broker.trust.Fixture.Extensions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientCertificatesTest {

  private final Fixture fixture = new Fixture();
  private final Set<String> distrusted = new HashSet<>();
  private final ClientCertificates certificates =
      new ClientCertificates(DOMAIN, List.of(fixture.root.certificate()), distrusted::contains);

  @Test
  void proves_an_agents_key_by_its_svid() throws Exception {
    X509Svid svid = fixture.svid();
    ClientCertificates.Proven proven =
        new ClientCertificates.Proven(
            AGENT,
            P256.thumbprint(fixture.agentPublic()),
            Digests.sha256Base64Url(svid.leaf().getEncoded()),
            svid.notAfter(),
            fixture.issuer.id());
    assertEquals(proven, certificates.verify(svid.chain(), NOW));
    assertEquals(proven, certificates.verify(svid.chain(), NOW), "and from the cache");
  }

  @Test
  void accepts_the_chain_with_the_root_and_of_any_nodes_intermediate() {
    X509Svid svid = fixture.svid();
    List<X509Certificate> withRoot =
        List.of(svid.leaf(), svid.chain().get(1), fixture.root.certificate());
    assertInstanceOf(ClientCertificates.Proven.class, certificates.verify(withRoot, NOW));
    X509Svid other =
        fixture
            .root
            .svidIssuer(InstantSource.fixed(NOW), Duration.ofHours(1))
            .x509(AGENT, fixture.agentPublic(), NOW.plusSeconds(60));
    assertInstanceOf(ClientCertificates.Proven.class, certificates.verify(other.chain(), NOW));
  }

  @Test
  void an_svid_ends_exactly_at_its_end_even_if_it_was_seen_before() {
    X509Svid svid = fixture.svid();
    Instant end = svid.notAfter();
    assertInstanceOf(
        ClientCertificates.Proven.class, certificates.verify(svid.chain(), end.minusNanos(1)));
    ClientCertificates.Expired expired =
        assertInstanceOf(ClientCertificates.Expired.class, certificates.verify(svid.chain(), end));
    assertEquals(AGENT, expired.id());
    assertEquals(P256.thumbprint(fixture.agentPublic()), expired.jkt());
  }

  @Test
  void an_expired_svid_is_known_as_ours_though_never_seen_before_and_its_issuer_ended_too() {
    X509Svid svid = fixture.svid();
    Instant nextWeek = NOW.plus(Duration.ofDays(7));
    assertInstanceOf(ClientCertificates.Expired.class, certificates.verify(svid.chain(), nextWeek));
  }

  @Test
  void refuses_an_svid_before_its_begin() {
    X509Svid svid = fixture.svid();
    Instant begin = svid.leaf().getNotBefore().toInstant();
    assertInstanceOf(ClientCertificates.Proven.class, certificates.verify(svid.chain(), begin));
    assertRefused(Reason.NOT_YET_VALID, svid.chain(), begin.minusNanos(1));
  }

  @Test
  void refuses_a_distrusted_issuers_svid_from_the_next_request_on() {
    X509Svid svid = fixture.svid();
    assertInstanceOf(ClientCertificates.Proven.class, certificates.verify(svid.chain(), NOW));
    distrusted.add(fixture.issuer.id());
    assertRefused(Reason.DISTRUSTED_ISSUER, svid.chain(), NOW);
    assertRefused(Reason.DISTRUSTED_ISSUER, svid.chain(), svid.notAfter());
  }

  @Test
  void refuses_none_and_what_is_foreign_or_incomplete() {
    assertRefused(Reason.MISSING, List.of(), NOW);
    assertRefused(Reason.FOREIGN, new Fixture().svid().chain(), NOW);
    X509Svid svid = fixture.svid();
    assertRefused(Reason.FOREIGN, List.of(svid.leaf()), NOW);
    X509Certificate other = new Fixture().svid().chain().get(1);
    assertRefused(Reason.FOREIGN, List.of(svid.leaf(), other), NOW);
    assertRefused(Reason.FOREIGN, List.of(svid.chain().get(1), svid.leaf()), NOW);
    assertRefused(Reason.FOREIGN, List.of(svid.chain().get(1)), NOW);
    assertRefused(Reason.FOREIGN, List.of(fixture.root.certificate()), NOW);
    List<X509Certificate> tooMany =
        List.of(svid.leaf(), svid.chain().get(1), other, fixture.root.certificate());
    assertRefused(Reason.FOREIGN, tooMany, NOW);
  }

  @Test
  void refuses_a_root_of_the_same_name_with_another_key() {
    Root lookAlike = new Fixture().root;
    X509Svid svid =
        lookAlike
            .svidIssuer(InstantSource.fixed(NOW), Duration.ofHours(1))
            .x509(AGENT, fixture.agentPublic(), NOW.plusSeconds(600));
    assertRefused(Reason.FOREIGN, svid.chain(), NOW);
  }

  @Test
  void refuses_an_authority_below_an_intermediate() {
    Intermediate intermediate = fixture.root.intermediate(NOW, "agents", Names.agents(DOMAIN));
    List<X509Certificate> subordinate =
        fixture.below(
            intermediate,
            leaf ->
                leaf.authority(true)
                    .usage(KeyUsage.keyCertSign)
                    .names(Extensions.uri(AGENT.toString())));
    assertRefused(Reason.NOT_AN_SVID, subordinate, NOW);
  }

  static Stream<Consumer<Extensions>> notSvids() {
    var agent = Extensions.uri(AGENT.toString());
    return Stream.of(
        leaf -> leaf.usage(KeyUsage.digitalSignature).purpose(),
        leaf -> leaf.names(agent).purpose(),
        leaf -> leaf.names(agent).usage(KeyUsage.digitalSignature),
        leaf -> leaf.names(agent).usage(KeyUsage.keyAgreement).purpose(),
        leaf ->
            leaf.names(agent)
                .usage(KeyUsage.digitalSignature)
                .purpose(KeyPurposeId.id_kp_serverAuth),
        leaf -> leaf.names(agent).usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign).purpose(),
        leaf -> leaf.names(agent).usage(KeyUsage.digitalSignature | KeyUsage.cRLSign).purpose(),
        leaf -> leaf.names(agent, agent).usage(KeyUsage.digitalSignature).purpose(),
        leaf ->
            leaf.names(Extensions.uri("spiffe://writ.local"))
                .usage(KeyUsage.digitalSignature)
                .purpose(),
        leaf ->
            leaf.names(Extensions.uri("spiffe://writ.local/launcher/x"))
                .usage(KeyUsage.digitalSignature)
                .purpose());
  }

  @ParameterizedTest
  @MethodSource("notSvids")
  void refuses_what_we_issued_but_is_no_agents_svid(Consumer<Extensions> extensions) {
    assertRefused(Reason.NOT_AN_SVID, fixture.below(extensions), NOW);
  }

  @Test
  void refuses_an_svid_of_another_curve() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(384);
    KeyPair pair = generator.generateKeyPair();
    Intermediate intermediate = fixture.root.intermediate(NOW, "agents", Names.agents(DOMAIN));
    X509v3CertificateBuilder builder =
        Certificates.builder(
            X500Name.getInstance(intermediate.certificate().getSubjectX500Principal().getEncoded()),
            NOW,
            NOW.plusSeconds(60),
            new X500Name("O=Forged"),
            pair.getPublic());
    Profile.svid(builder, AGENT, pair.getPublic(), intermediate.certificate());
    X509Certificate leaf = Certificates.sign(builder, intermediate.key());
    assertRefused(Reason.NOT_AN_SVID, List.of(leaf, intermediate.certificate()), NOW);
  }

  @Test
  void refuses_the_brokers_own_server_certificate() {
    ServerIdentity server =
        fixture
            .root
            .serverIssuer(InstantSource.fixed(NOW), ServerNames.of(List.of("localhost")))
            .issue();
    assertRefused(Reason.NOT_AN_SVID, server.chain(), NOW);
  }

  private void assertRefused(Reason reason, List<X509Certificate> chain, Instant now) {
    ClientCertificates.Refused refused =
        assertInstanceOf(ClientCertificates.Refused.class, certificates.verify(chain, now));
    assertEquals(reason, refused.reason());
  }
}
