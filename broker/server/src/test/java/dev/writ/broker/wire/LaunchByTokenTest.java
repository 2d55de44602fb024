package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.oidc.FakeOidcIssuer;
import dev.writ.fixtures.oidc.KeycloakToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom a realm's access token launches as, and what roles it gives. */
class LaunchByTokenTest {
  private static final String GRANTS = "grants: []\n";

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "by-orchestrator",
              "lifetime: { agent: 1h, credential: 15m }\nlaunch: [ \"keycloak/client:orchestrator\" ]\nowners: [ \"user:ada\" ]\n"
                  + GRANTS)
          .policy(
              "by-group",
              "lifetime: { agent: 1h, credential: 15m }\nlaunch: [ \"keycloak/group:platform/deploy\" ]\nowners: [ \"user:ada\" ]\n"
                  + GRANTS)
          .policy(
              "by-another-launcher",
              "lifetime: { agent: 1h, credential: 15m }\nlaunch: [ \"elsewhere/group:platform/deploy\", \"elsewhere/user:ada\" ]\nowners: [ \"user:ada\" ]\n"
                  + GRANTS)
          .withPeople()
          .settings(
              "admins: [ \"keycloak/group:security\" ]\nauditors: [ \"keycloak/group:audit\" ]\n");

  private static void launches(String policy, KeycloakToken token) {
    BROKER.as(token).launch(Launch.of(policy).owner("user:ada")).expect(201);
  }

  private static void refused(String policy, int status, KeycloakToken token) {
    List<String> before = BROKER.records().texts("SELECT id::text AS text FROM agent");
    BROKER.as(token).launch(Launch.of(policy).owner("user:ada")).expect(status);
    assertEquals(
        before.size(), BROKER.records().texts("SELECT id::text AS text FROM agent").size());
  }

  private static KeycloakToken ada() {
    return BROKER.people().user("ada");
  }

  @Test
  void a_client_that_logged_in_as_itself_is_that_client() {
    launches("by-orchestrator", BROKER.people().client("orchestrator"));
    refused("by-orchestrator", 404, BROKER.people().client("deploy"));
  }

  @Test
  void a_person_who_logs_in_through_an_orchestrators_client_is_not_that_orchestrator() {
    refused("by-orchestrator", 404, ada().azp("orchestrator"));
    refused("by-orchestrator", 404, ada().azp("orchestrator").claim("client_id", "orchestrator"));
    // Nor is a person whose account is named like the client's.
    refused(
        "by-orchestrator",
        401,
        BROKER
            .people()
            .user("service-account-orchestrator")
            .azp("orchestrator")
            .subject(FakeOidcIssuer.subject("mallory")));
    // Nor another client that shows the orchestrator's name, or its account's.
    refused(
        "by-orchestrator",
        401,
        BROKER.people().client("deploy").subject(FakeOidcIssuer.clientSubject("orchestrator")));
  }

  @Test
  void groups_are_full_paths_behind_the_launchers_name() {
    launches("by-group", ada().groups("/platform/deploy"));
    for (String group :
        List.of("/deploy", "/platform", "/platform/deploy/x", "//platform/deploy")) {
      refused("by-group", 404, ada().groups(group));
    }
    refused("by-another-launcher", 404, ada().groups("/platform/deploy"));
  }

  @Test
  void roles_are_mapped_from_groups() {
    for (KeycloakToken admin :
        List.of(ada().groups("/security"), ada().groups("/x", "/security"))) {
      BROKER.as(admin).send("POST", "/v1/policies/apply", Map.of(), "{}").expect(400);
    }
    KeycloakToken auditor = ada().groups("/audit");
    BROKER.as(auditor).send("GET", "/v1/policies", Map.of(), "").expect(200);
    BROKER.as(auditor).send("POST", "/v1/policies/apply", Map.of(), "{}").expect(404);
    for (String group : List.of("/securit", "/x/security", "/Security")) {
      BROKER.as(ada().groups(group)).send("GET", "/v1/policies", Map.of(), "").expect(404);
    }
  }

  @Test
  void issuer_audience_life_and_algorithm_are_looked_at() {
    launches("by-group", ada().groups("/platform/deploy").es256());
    refused("by-group", 401, ada().groups("/platform/deploy").audience("account"));
    refused("by-group", 401, ada().groups("/platform/deploy").expiresIn(Duration.ofMinutes(-5)));
    refused("by-group", 401, ada().groups("/platform/deploy").without("exp"));
    refused("by-group", 401, ada().groups("/platform/deploy").header("alg", "HS256"));
    refused(
        "by-group",
        401,
        ada().groups("/platform/deploy").claim("iss", BROKER.people().issuer() + "/"));
    refused("by-group", 401, ada().groups("/platform/deploy").typ("ID"));
  }
}
