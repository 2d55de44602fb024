package dev.writ.keycloak;

import static dev.writ.keycloak.PolicyContract.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What administrators can ask of policies, before and after they are saved. */
class AdminApiTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static WritApi api;

  @BeforeAll
  static void somePolicies() {
    api = WritApi.of(KEYCLOAK.realm());
    api.save("operator", 0, "made", Policies.operator()).expect(201);
  }

  private static ObjectNode yaml(String text) {
    return WritApi.object().put("yaml", text);
  }

  @Test
  void an_unsound_policy_is_refused_with_every_problem_at_its_place_and_nothing_is_saved() {
    String unsound =
        """
        name: broken
        lifetime: { agent: 99h, credential: 1h }
        launch: []
        grants:
          - github: { account: acme, repositories: [ acme/a ], permissions: { content: read } }
        """;
    Reply refused = api.save("broken", 0, "", unsound).expect(400);
    JsonNode problems = refused.json().path("problems");
    assertEquals(
        List.of("/lifetime/agent", "/grants/0/github/permissions/content"),
        texts(problems, "pointer"));
    assertEquals(List.of("2", "5"), texts(problems, "line"));
    assertTrue(
        problems.path(1).path("message").asText().contains("did you mean \"contents\"?"),
        refused.body());
    api.get("policies/broken").expect(404);
  }

  @Test
  void the_name_in_the_document_has_to_be_that_in_the_address() {
    Reply refused = api.save("other", 0, "", Policies.internal("this", "a")).expect(400);
    assertEquals("/name", refused.json().at("/problems/0/pointer").asText());
    api.get("policies/other").expect(404);
    api.get("policies/this").expect(404);
  }

  @Test
  void a_body_that_is_none_is_told_so() {
    for (String body :
        List.of(
            "[]",
            "{",
            "{\"expected\":0}",
            "{\"expected\":-1,\"yaml\":\"\"}",
            "{\"expected\":0,\"yaml\":\"a\",\"yaml\":\"b\"}",
            "{\"expected\":0,\"yaml\":\"x\",\"policy\":{}}",
            "{\"expected\":0,\"yaml\":\"x\",\"commment\":\"x\"}")) {
      Reply refused = api.send("PUT", "policies/p", body).expect(400);
      assertTrue(refused.json().path("problems").size() >= 1, body);
    }
    api.get("policies/p").expect(404);
    api.get("policies?max=0").expect(400);
    api.get("policies?first=x").expect(400);
  }

  @Test
  void a_policy_is_saved_as_json_and_shown_in_both_forms() {
    JsonNode operator = api.get("policies/operator").expect(200).json();
    ObjectNode body = WritApi.object().put("expected", 0).put("comment", "as JSON");
    ObjectNode policy = operator.path("policy").deepCopy();
    policy.put("name", "copied");
    body.set("policy", policy);
    Reply saved = api.send("PUT", "policies/copied", body.toString()).expect(201);
    assertEquals(policy, saved.json().path("policy"));
    assertEquals(
        operator.path("yaml").asText().replace("name: operator", "name: copied"),
        saved.text("yaml"));
    api.delete("copied", 1).expect(204);
  }

  @Test
  void the_list_shows_targets_and_dangers() {
    String all =
        """
        name: wide
        lifetime: { agent: 1h, credential: 1h }
        launch: []
        grants:
          - github: { account: acme, repositories: "*", permissions: { contents: read, members: read }, i-know: all of them }
        """;
    api.save("wide", 0, "", all).expect(201);
    JsonNode line = api.get("policies?search=wide").expect(200).json().at("/policies/0");
    assertEquals("[\"github\"]", line.path("targets").toString());
    assertEquals(List.of("danger", "warning"), texts(line.path("flags"), "severity"));
    assertTrue(
        line.at("/flags/0/message").asText().contains("(i-know: all of them)"), line.toString());
    api.delete("wide", 1).expect(204);
  }

  @Test
  void a_draft_is_judged_measured_and_compared() {
    String draft =
        Policies.operator()
            .replace("contents: write", "contents: read")
            .replace("agent: 12h", "agent: 24h");
    JsonNode checked =
        api.post("policies/check", yaml(draft).put("base", "operator")).expect(200).json();
    assertTrue(checked.path("sound").asBoolean());
    assertEquals(
        List.of(
            "wider: agents live up to 24h, before 12h",
            "narrower: acme/api, acme/web: contents write → read"),
        checked
            .path("changes")
            .valueStream()
            .map(c -> c.path("effect").asText() + ": " + c.path("text").asText())
            .toList());
    assertEquals("/grants/1/github", checked.at("/changes/1/pointer").asText());
    assertEquals(2, checked.at("/aws/0/grant").asInt());
    assertTrue(checked.at("/aws/0/characters").asInt() > 50);
  }

  @Test
  void a_draft_over_awss_budget_is_measured_all_the_same() {
    String resources =
        IntStream.range(0, 60)
            .mapToObj("\"arn:aws:s3:::a-rather-long-name-of-a-bucket-%02d/*\""::formatted)
            .collect(Collectors.joining(", "));
    String draft = Policies.operator().replace("\"arn:aws:s3:::build-artifacts/*\"", resources);
    JsonNode checked = api.post("policies/check", yaml(draft)).expect(200).json();
    assertFalse(checked.path("sound").asBoolean());
    assertTrue(checked.at("/aws/0/characters").asInt() > 2048);
    assertEquals("/grants/2/aws/allow", checked.at("/problems/0/pointer").asText());
    assertFalse(checked.has("policy"));
  }

  @Test
  void a_preview_says_what_would_be_granted_or_why_not() {
    ObjectNode body = WritApi.object().put("name", "operator");
    body.putObject("request")
        .put("type", "internal")
        .put("audience", "https://deploy.internal")
        .putArray("scopes")
        .add("deploy:read");
    JsonNode granted = api.post("policies/preview", body).expect(200).json();
    assertTrue(granted.path("allowed").asBoolean());
    assertEquals("[\"deploy:read\"]", granted.at("/granted/scopes").toString());

    ObjectNode draft = yaml(Policies.internal("other", "deploy:staging"));
    draft.set("request", body.path("request"));
    JsonNode denied = api.post("policies/preview", draft).expect(200).json();
    assertFalse(denied.path("allowed").asBoolean());
    assertEquals("scopes", denied.at("/denial/rule").asText());
    assertTrue(denied.at("/denial/hint").asText().contains("deploy:read"));
    api.post("policies/preview", WritApi.object().put("name", "operator")).expect(400);
    api.post("policies/preview", body.put("name", "nobodys")).expect(404);
  }

  @Test
  void two_versions_are_compared_in_words() {
    api.save("compared", 0, "", Policies.internal("compared", "a")).expect(201);
    api.save("compared", 1, "", Policies.internal("compared", "a", "b")).expect(200);
    JsonNode forth = api.get("policies/compared/compare?from=1&to=2").expect(200).json();
    JsonNode back = api.get("policies/compared/compare?from=2&to=1").expect(200).json();
    assertEquals(List.of("wider"), texts(forth.path("changes"), "effect"));
    assertEquals(List.of("narrower"), texts(back.path("changes"), "effect"));
    assertEquals(forth.path("to_yaml"), back.path("from_yaml"));
    api.get("policies/compared/compare?from=1&to=3").expect(404);
    api.delete("compared", 2).expect(204);
  }

  @Test
  void the_impact_of_a_deletion_is_told_without_a_broker_too() {
    JsonNode impact =
        api.post("policies/operator/impact", WritApi.object().put("delete", true))
            .expect(200)
            .json();
    assertEquals("not configured", impact.path("broker").asText());
    assertEquals(
        List.of("narrower"), texts(impact.path("changes"), "effect").stream().distinct().toList());
  }

  @Test
  void the_vocabulary_has_githubs_permissions_with_explanations() {
    JsonNode words = api.get("vocabulary").expect(200).json();
    assertEquals(55, words.path("github_permissions").size());
    JsonNode contents =
        words
            .path("github_permissions")
            .valueStream()
            .filter(p -> p.path("name").asText().equals("contents"))
            .findFirst()
            .orElseThrow();
    assertTrue(contents.path("description").asText().startsWith("Repository contents, commits"));
    assertEquals("24h", words.at("/bounds/lifetime/agent").asText());
  }

  @Test
  void every_change_is_an_admin_event_and_a_refused_one_is_none() {
    KEYCLOAK
        .realm()
        .send(
            "PUT",
            "/events/config",
            "{\"adminEventsEnabled\":true,\"adminEventsDetailsEnabled\":true}")
        .expect(204);
    api.save("noted", 0, "made", Policies.internal("noted", "a")).expect(201);
    api.save("noted", 1, "more", Policies.internal("noted", "a", "b")).expect(200);
    api.save("noted", 1, "late", Policies.internal("noted", "c")).expect(409);
    api.restore("noted", 1, 2).expect(200);
    api.delete("noted", 3).expect(204);
    api.send("PUT", "settings", "{\"broker\":{\"url\":\"http://127.0.0.1:1\"}}").expect(200);
    api.send("PUT", "settings", "{}").expect(200);

    List<JsonNode> events =
        KEYCLOAK
            .realm()
            .send("GET", "/admin-events?max=50", "")
            .json()
            .valueStream()
            .filter(e -> e.path("resourceType").asText().startsWith("WRIT_"))
            .toList();
    assertEquals(
        List.of(
            "UPDATE writ/settings",
            "UPDATE writ/settings",
            "DELETE writ/policies/noted",
            "UPDATE writ/policies/noted/restore",
            "UPDATE writ/policies/noted",
            "CREATE writ/policies/noted"),
        events.stream()
            .map(e -> e.path("operationType").asText() + " " + e.path("resourcePath").asText())
            .toList());
    assertTrue(
        events.get(4).path("representation").asText().contains("\"comment\":\"more\""),
        events.get(4).toString());
  }

  @Test
  void settings_take_https_and_loopback_only() {
    for (String url :
        List.of(
            "http://writ.example.org",
            "ftp://127.0.0.1",
            "https://u:p@writ.example.org",
            "https://",
            "x",
            "https://writ.example.org?x")) {
      ObjectNode body = WritApi.object();
      body.putObject("broker").put("url", url);
      assertEquals(
          "/broker/url",
          api.send("PUT", "settings", body.toString())
              .expect(400)
              .json()
              .at("/problems/0/pointer")
              .asText(),
          url);
    }
    ObjectNode body = WritApi.object();
    body.putObject("broker")
        .put("url", "https://writ.example.org:8443")
        .put("ca", "-----BEGIN CERTIFICATE-----");
    api.send("PUT", "settings", body.toString()).expect(400);
    assertEquals(
        "{\"broker\":{},\"broker_client\":\"writ-broker\",\"console_theme\":false}",
        api.get("settings").body());
  }

  @Test
  void the_console_gets_our_theme_when_it_is_asked_for_and_keeps_another_one() {
    api.send("PUT", "settings", "{\"console_theme\":true}").expect(200);
    assertEquals("writ", KEYCLOAK.realm().send("GET", "", "").text("adminTheme"));
    api.send("PUT", "settings", "{}").expect(200);
    assertTrue(KEYCLOAK.realm().send("GET", "", "").json().path("adminTheme").isMissingNode());
    KEYCLOAK.realm().send("PUT", "", "{\"adminTheme\":\"keycloak.v2\"}").expect(204);
    api.send("PUT", "settings", "{}").expect(200);
    assertEquals("keycloak.v2", KEYCLOAK.realm().send("GET", "", "").text("adminTheme"));
  }
}
