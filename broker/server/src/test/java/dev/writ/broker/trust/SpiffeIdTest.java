package dev.writ.broker.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {

  private static final String UUID = "0198c0de-0000-7000-8000-000000000001";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://writ.local/agent/" + UUID,
        "spiffe://localhost/agent/" + UUID,
        "spiffe://a-1.b.c/agent/ffffffff-ffff-ffff-ffff-ffffffffffff",
        "spiffe://1a/agent/00000000-0000-0000-0000-000000000000"
      })
  void reads_and_prints_an_agents_identity_as_java_spiffe_does(String text) {
    SpiffeId id = SpiffeId.parse(text).orElseThrow();
    assertEquals(text, id.toString());
    io.spiffe.spiffeid.SpiffeId theirs = io.spiffe.spiffeid.SpiffeId.parse(text);
    assertEquals(theirs.toString(), id.toString());
    assertEquals(theirs.getTrustDomain().getName(), id.trustDomain().name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "spiffe://",
        "spiffe://writ.local",
        "spiffe://writ.local/",
        "spiffe://writ.local/agent",
        "spiffe://writ.local/agent/",
        "spiffe:///agent/" + UUID,
        "spiffe:/writ.local/agent/" + UUID,
        "SPIFFE://writ.local/agent/" + UUID,
        "Spiffe://writ.local/agent/" + UUID,
        "https://writ.local/agent/" + UUID,
        " spiffe://writ.local/agent/" + UUID,
        "spiffe://writ.local/agent/" + UUID + " ",
        "spiffe://writ.local/agent/" + UUID + "/",
        "spiffe://writ.local/agent/" + UUID + "/x",
        "spiffe://writ.local//agent/" + UUID,
        "spiffe://writ.local/agent//" + UUID,
        "spiffe://writ.local/./agent/" + UUID,
        "spiffe://writ.local/x/../agent/" + UUID,
        "spiffe://writ.local/Agent/" + UUID,
        "spiffe://writ.local/agents/" + UUID,
        "spiffe://writ.local/%61gent/" + UUID,
        "spiffe://writ.local/agent/" + UUID + "?q",
        "spiffe://writ.local/agent/" + UUID + "#f",
        "spiffe://writ.local/agent/" + UUID + "\u0000",
        "spiffe://writ.local:8443/agent/" + UUID,
        "spiffe://user@writ.local/agent/" + UUID,
        "spiffe://Writ.local/agent/" + UUID,
        "spiffe://writ_x.local/agent/" + UUID,
        "spiffe://writ..local/agent/" + UUID,
        "spiffe://writ.local./agent/" + UUID,
        "spiffe://.writ.local/agent/" + UUID,
        "spiffe://wr%69t.local/agent/" + UUID,
        "spiffe://wr\u0456t.local/agent/" + UUID,
        "spiffe://[::1]/agent/" + UUID,
        "spiffe://127.0.0.1/agent/" + UUID,
        "spiffe://writ.local/agent/0198C0DE-0000-7000-8000-000000000001",
        "spiffe://writ.local/agent/198c0de-0-7000-8000-1",
        "spiffe://writ.local/agent/0198c0de000070008000000000000001",
        "spiffe://writ.local/agent/{" + UUID + "}",
        "spiffe://writ.local/agent/\uff10198c0de-0000-7000-8000-000000000001"
      })
  void refuses_every_other_spelling(String text) {
    assertEquals(Optional.empty(), SpiffeId.parse(text));
  }

  @Test
  void refuses_what_is_too_long_without_looking_at_it() {
    String text = "spiffe://" + "a".repeat(2_048) + "/agent/" + UUID;
    assertEquals(Optional.empty(), SpiffeId.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "writ_x.local",
        "Writ.local",
        "",
        "10.0.0.1",
        "a.1",
        "-a",
        "a-",
        "a..b",
        "a.",
        "a:1",
        "a/b",
        "[::1]"
      })
  void refuses_a_trust_domain_and_says_why(String name) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> new TrustDomain(name));
    assertTrue(String.valueOf(refusal.getMessage()).contains("trust domain"));
  }

  @Test
  void says_of_an_underscore_that_it_is_the_underscore() {
    assertTrue(TrustDomain.problem("writ_x.local").orElseThrow().contains("_"));
  }

  @Test
  void bounds_a_trust_domain_as_dns_does() {
    String label = "a".repeat(63);
    String longest = label + "." + label + "." + label + "." + "a".repeat(61);
    assertEquals(253, longest.length());
    assertEquals(Optional.empty(), TrustDomain.problem(longest));
    assertTrue(TrustDomain.problem(longest + "a").isPresent());
    assertTrue(TrustDomain.problem("a".repeat(64)).isPresent());
  }
}
