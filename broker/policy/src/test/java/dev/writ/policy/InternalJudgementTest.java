package dev.writ.policy;

import static dev.writ.policy.Denial.Code.INVALID_SCOPE;
import static dev.writ.policy.Denial.Code.INVALID_TARGET;
import static dev.writ.policy.Examples.allowed;
import static dev.writ.policy.Examples.authority;
import static dev.writ.policy.Examples.json;
import static dev.writ.policy.Examples.operator;
import static dev.writ.policy.Examples.refused;
import static dev.writ.policy.Examples.understood;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InternalJudgementTest {
  private static final Authority OPERATOR = operator().authority();

  @Test
  void grants_the_scopes_that_were_asked_for() {
    assertEquals(
        "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read']}",
        json(
            allowed(
                OPERATOR,
                "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read']}")));
  }

  @Test
  void grants_all_scopes_to_who_gives_none() {
    assertEquals(
        "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read','deploy:staging']}",
        json(allowed(OPERATOR, "{'type':'internal','audience':'https://deploy.internal'}")));
  }

  @Test
  void the_short_form_asks_the_same() {
    assertEquals(
        Examples.request("{'type':'internal','audience':'https://deploy.internal'}"),
        understood(Requests.audience("https://deploy.internal", Optional.empty())));
    assertEquals(
        Examples.request(
            "{'type':'internal','audience':'https://deploy.internal','scopes':['a','b']}"),
        understood(Requests.audience("https://deploy.internal", Optional.of("b a"))));
  }

  @Test
  void refuses_scopes_beyond_the_grant_whole() {
    Denial denial =
        refused(
            OPERATOR,
            "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read','deploy:production']}");
    assertEquals(INVALID_SCOPE, denial.code());
    assertEquals(Rule.SCOPES, denial.rule());
    assertTrue(denial.hint().startsWith("not granted: deploy:production;"), denial.hint());
    assertEquals(List.of("deploy:read", "deploy:staging"), denial.allowed().get(0).get("scopes"));
    assertEquals(
        INVALID_SCOPE,
        refused(
                OPERATOR,
                "{'type':'internal','audience':'https://deploy.internal','scopes':['DEPLOY:READ']}")
            .code());
  }

  @Test
  void the_audience_is_compared_byte_for_byte() {
    for (String audience :
        List.of(
            "https://deploy.internal/",
            "https://Deploy.internal",
            "https://deploy.internal.evil",
            "https://deploy",
            "deploy.internal")) {
      Denial denial = refused(OPERATOR, "{'type':'internal','audience':'" + audience + "'}");
      assertEquals(INVALID_TARGET, denial.code(), audience);
      assertEquals(Rule.AUDIENCE, denial.rule(), audience);
    }
  }

  @Test
  void grants_of_the_same_audience_add_up() {
    Authority two =
        authority(
            "- internal: { audience: a, scopes: [ x ] }\n- internal: { audience: a, scopes: [ y ] }\n");
    assertEquals(
        "{'type':'internal','audience':'a','scopes':['x','y']}",
        json(allowed(two, "{'type':'internal','audience':'a'}")));
  }

  @Test
  void an_empty_list_in_a_policy_allows_nothing() {
    Authority nothing = authority("- internal: { audience: a, scopes: [] }\n");
    Denial denial = refused(nothing, "{'type':'internal','audience':'a'}");
    assertEquals(INVALID_SCOPE, denial.code());
    assertEquals(List.of(), denial.allowed());
    assertTrue(nothing.isEmpty());
  }
}
