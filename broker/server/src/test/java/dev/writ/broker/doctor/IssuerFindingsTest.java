package dev.writ.broker.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.aws.AwsMinter;
import dev.writ.broker.aws.AwsProbe;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.token.WebIdentityTokens;
import dev.writ.broker.trust.TrustDomain;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerFindingsTest {
  private static KeyRing none() {
    throw new AssertionError("no key is needed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost/sts",
        "https://127.0.0.1/sts",
        "https://broker.example:8443/sts",
        "http://localhost:8443/sts"
      })
  void an_issuer_that_aws_cannot_reach_is_told_without_asking_for_it(String issuer) {
    AwsMinter.Account account =
        new AwsMinter.Account(
            "123456789012",
            URI.create("https://sts.eu-central-1.amazonaws.com"),
            issuer,
            Duration.ofMinutes(15));
    AwsMinter.Connection connection = new AwsMinter.Connection(Optional.empty(), Optional.empty());
    try (AwsMinter minter =
            new AwsMinter(
                account,
                connection,
                new WebIdentityTokens(IssuerFindingsTest::none),
                Clock.systemUTC());
        IssuerCopy copy =
            new IssuerCopy(
                URI.create(issuer), Optional.empty(), Optional.empty(), IssuerFindingsTest::none)) {
      AwsProbe probe = minter.probe(new TrustDomain("writ.test"));

      List<Finding> findings =
          new IssuerFindings(probe, copy).look(Deadline.in(Duration.ofSeconds(1)));

      assertEquals(1, findings.size());
      assertEquals(Finding.Status.FAIL, findings.get(0).status());
      assertTrue(
          findings.get(0).found().endsWith("an https URL without a port, got " + issuer + "."));
      assertTrue(findings.get(0).remedy().contains("`writ issuer export DIR`"));
    }
  }
}
