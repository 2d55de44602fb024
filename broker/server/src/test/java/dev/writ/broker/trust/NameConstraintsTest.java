package dev.writ.broker.trust;

import static dev.writ.broker.trust.Fixture.AGENT;
import static dev.writ.broker.trust.Fixture.DOMAIN;
import static dev.writ.broker.trust.Fixture.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.Openssl;
import dev.writ.broker.trust.Fixture.Extensions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stolen intermediate must be good for nothing else; openssl and the JDK are the judges. */
class NameConstraintsTest {

  @TempDir Path directory;

  private final Fixture fixture = new Fixture();

  @Test
  void an_agents_name_below_the_agents_intermediate_is_accepted_by_both() throws Exception {
    assertAccepted(fixture.below(Extensions.svidNamed(Extensions.uri(AGENT.toString()))));
  }

  @ParameterizedTest
  @CsvSource({
    "6, spiffe://other.local/agent/0198c0de-0000-7000-8000-000000000001",
    "6, spiffe://sub.writ.local/agent/0198c0de-0000-7000-8000-000000000001",
    "6, spiffe://writ.local.evil/agent/0198c0de-0000-7000-8000-000000000001",
    "2, localhost",
    "2, writ.local",
    "2, github.com",
    "7, 127.0.0.1",
    "7, ::1",
    "1, root@writ.local"
  })
  void every_other_name_below_the_agents_intermediate_is_rejected_by_both(int kind, String name)
      throws Exception {
    GeneralName other = new GeneralName(kind, name);
    assertRejected(fixture.below(Extensions.svidNamed(other)));
    assertRejected(fixture.below(Extensions.svidNamed(Extensions.uri(AGENT.toString()), other)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "broker.example", "127.0.0.1", "::1"})
  void the_servers_own_names_are_accepted_by_both(String host) throws Exception {
    ServerIdentity identity = serverIssuer().issue();
    boolean address = host.indexOf(':') >= 0 || host.startsWith("127");
    Openssl.Result result =
        openssl(
            identity.chain(),
            "-purpose",
            "sslserver",
            address ? "-verify_ip" : "-verify_hostname",
            host);
    assertEquals(0, result.status(), result.output());
    assertTrue(pkixAccepts(identity.chain()));
  }

  @ParameterizedTest
  @CsvSource({
    "6, spiffe://writ.local/agent/0198c0de-0000-7000-8000-000000000001",
    "2, github.com",
    "7, 10.0.0.1",
    "1, root@localhost"
  })
  void every_other_name_below_the_server_intermediate_is_rejected_by_both(int kind, String name)
      throws Exception {
    Intermediate intermediate =
        fixture.root.intermediate(NOW, "server", Names.server(serverNames()));
    assertRejected(fixture.below(intermediate, Extensions.svidNamed(new GeneralName(kind, name))));
  }

  @Test
  void a_server_without_addresses_gets_an_intermediate_without_addresses() throws Exception {
    Intermediate intermediate =
        fixture.root.intermediate(
            NOW, "server", Names.server(ServerNames.of(List.of("localhost"))));
    GeneralName address = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    assertRejected(fixture.below(intermediate, Extensions.svidNamed(address)));
  }

  private ServerCertificateIssuer serverIssuer() {
    return fixture.root.serverIssuer(InstantSource.fixed(NOW), serverNames());
  }

  private static ServerNames serverNames() {
    return ServerNames.of(List.of("localhost", "Broker.example", "127.0.0.1", "[::1]", "0.0.0.0"));
  }

  private void assertAccepted(List<X509Certificate> chain) throws Exception {
    Openssl.Result result = openssl(chain);
    assertEquals(0, result.status(), result.output());
    assertTrue(pkixAccepts(chain));
  }

  private void assertRejected(List<X509Certificate> chain) throws Exception {
    Openssl.Result result = openssl(chain);
    assertTrue(result.status() != 0, result.output());
    assertTrue(result.output().contains("subtree violation"), result.output());
    assertFalse(pkixAccepts(chain));
    ClientCertificates ours =
        new ClientCertificates(DOMAIN, List.of(fixture.root.certificate()), id -> false);
    assertTrue(ours.verify(chain, NOW) instanceof ClientCertificates.Refused);
  }

  private Openssl.Result openssl(List<X509Certificate> chain, String... options) throws Exception {
    Fixture.write(directory, "root.pem", List.of(fixture.root.certificate()));
    Fixture.write(directory, "chain.pem", chain);
    List<String> arguments = new java.util.ArrayList<>(List.of("verify"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-CAfile", "root.pem", "-untrusted", "chain.pem", "chain.pem"));
    return Openssl.run(directory, arguments.toArray(String[]::new));
  }

  private boolean pkixAccepts(List<X509Certificate> chain) throws GeneralSecurityException {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(fixture.root.certificate(), null)));
    parameters.setRevocationEnabled(false);
    try {
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
      return true;
    } catch (CertPathValidatorException e) {
      return false;
    }
  }
}
