package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code writ_sts_issuer_behind}, by static copies that keep up and that do not. */
class IssuerMetricTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<String, String> FILES = new ConcurrentHashMap<>();
  private static final FakeServer SITE =
      FakeServer.http(
          0,
          request ->
              FILES.containsKey(request.path())
                  ? Answer.json(200, FILES.get(request.path()))
                  : Answer.json(404, "{}"));

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "operator",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] } } ]
              """)
          .settings(() ->
              """
              aws:
                - { account: "111111111111", sts: "http://127.0.0.1:9", issuer: "%s/fresh" }
                - { account: "222222222222", sts: "http://127.0.0.1:9", issuer: "%s/stale" }
                - { account: "333333333333", sts: "http://127.0.0.1:9", issuer: "%s/gone" }
                - { account: "444444444444", sts: "http://127.0.0.1:9" }
              """
                  .formatted(SITE.url(), SITE.url(), SITE.url()));

  @AfterAll
  static void stops() {
    SITE.close();
  }

  private static double behind(String copy) {
    return BROKER.metric("writ_sts_issuer_behind{issuer=\"%s/%s\"}".formatted(SITE.url(), copy));
  }

  private static String published(String path) {
    return BROKER.anybody().get(URI.create(BROKER.url() + "/sts" + path)).expect(200).body();
  }

  @Test
  void tells_copies_that_keep_up_from_those_that_lag_and_those_that_cannot_be_read()
      throws Exception {
    String configuration = published("/.well-known/openid-configuration");
    for (String copy : new String[] {"fresh", "stale"}) {
      FILES.put(
          "/" + copy + "/.well-known/openid-configuration",
          configuration.replace(BROKER.url() + "/sts", SITE.url() + "/" + copy));
    }
    FILES.put("/fresh/jwks", published("/jwks"));
    FILES.put(
        "/stale/jwks",
        new JWKSet(new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate())
            .toString());

    BROKER.restart();

    eventually("it was looked at", PATIENCE, () -> !Double.isNaN(behind("stale")));
    assertEquals(0, behind("fresh"));
    assertEquals(1, behind("stale"));
    assertTrue(Double.isNaN(behind("gone")));
    long series =
        BROKER
            .management("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("writ_sts_issuer_behind{"))
            .count();
    assertEquals(3, series, "the broker's own URL is no copy");
  }
}
