package dev.writ.keycloak;

import static dev.writ.keycloak.PolicyContract.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What brokers read. */
class SourceTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static KeycloakRealm realm;
  private static WritApi api;
  private static String broker;

  @BeforeAll
  static void aBroker() {
    realm = KEYCLOAK.realm();
    api = WritApi.of(realm);
    broker = realm.workload("writ-broker").token();
  }

  private static Reply source(String what, String token, String known) {
    Map<String, String> headers = new TreeMap<>();
    if (!token.isEmpty()) {
      headers.put("Authorization", "Bearer " + token);
    }
    if (!known.isEmpty()) {
      headers.put("If-None-Match", known);
    }
    return realm
        .admin()
        .send("GET", "/realms/" + realm.name() + "/writ/source/" + what, headers, "");
  }

  private static Reply policies() {
    return source("policies", broker, "").expect(200);
  }

  private static Reply owners() {
    return source("owners", broker, "").expect(200);
  }

  @Test
  void the_broker_reads_all_policies_and_then_nothing_until_one_changes() {
    api.save("operator", 0, "made", Policies.operator()).expect(201);
    Reply first = policies();
    String known = first.header("ETag");
    assertEquals("\"p" + first.json().path("version").asLong() + "\"", known);
    assertEquals(realm.name(), first.text("realm"));
    JsonNode operator = find(first.json().path("policies"), "operator");
    assertEquals(1, operator.path("version").asInt());
    assertEquals("operator", operator.at("/policy/name").asText());
    Reply unchanged = source("policies", broker, known).expect(304);
    assertEquals("", unchanged.body());
    source("policies", broker, "W/" + known + ", \"x\"").expect(304);

    api.save(
            "operator", 1, "less", Policies.operator().replace("contents: write", "contents: read"))
        .expect(200);
    Reply second = source("policies", broker, known).expect(200);
    assertEquals(first.json().path("version").asLong() + 1, second.json().path("version").asLong());

    api.delete("operator", 2).expect(204);
    JsonNode third = policies().json();
    assertEquals(first.json().path("version").asLong() + 2, third.path("version").asLong());
    assertEquals(3, find(third.path("deleted"), "operator").path("version").asInt());
    assertTrue(find(third.path("policies"), "operator").isMissingNode());
  }

  private static JsonNode find(JsonNode list, String name) {
    return list.valueStream()
        .filter(one -> one.path("name").asText().equals(name))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  @Test
  void a_refused_or_repeated_save_does_not_move_the_number() {
    api.save("still", 0, "", Policies.internal("still", "a")).expect(201);
    String known = policies().header("ETag");
    api.save("still", 1, "", Policies.internal("still", "a")).expect(200);
    api.save("still", 0, "", Policies.internal("still", "b")).expect(409);
    api.save("still", 1, "", "name: still").expect(400);
    source("policies", broker, known).expect(304);
  }

  @Test
  void others_read_nothing() {
    source("policies", "", "").expect(401);
    source("owners", "x", "").expect(401);
    String plain = realm.user("plain").token();
    String viewer = realm.user("half").manages("view-realm").token();
    String other = realm.workload("not-the-broker").token();
    for (String token : List.of(plain, viewer, other)) {
      for (String what : List.of("policies", "owners")) {
        assertEquals(
            "urn:writ:problem:forbidden", source(what, token, "").expect(403).text("type"));
        source(what, token, "\"p1\"").expect(403);
      }
    }
    String auditor = realm.user("auditor").manages("view-realm", "view-users").token();
    source("policies", auditor, "").expect(200);
    source("owners", auditor, "").expect(200);
  }

  @Test
  void a_person_who_logs_in_through_the_brokers_client_is_not_the_broker() {
    realm
        .send(
            "POST",
            "/clients",
            "{\"clientId\":\"front\",\"publicClient\":true,\"directAccessGrantsEnabled\":true}")
        .expect(201);
    api.send("PUT", "settings", "{\"broker_client\":\"front\"}").expect(200);
    String token = realm.user("front-user").token("front");
    source("policies", token, "").expect(403);
    source("policies", broker, "").expect(403);
    api.send("PUT", "settings", "{}").expect(200);
    source("policies", broker, "").expect(200);
  }

  @Test
  void owners_are_enabled_people_and_their_groups() {
    realm.user("ada").joins("platform").joins("platform/deploy");
    realm.user("grace").joins("platform/deploy");
    KeycloakRealm.Person gone = realm.user("gone").joins("platform");
    realm.send("PUT", "/users/" + gone.id(), "{\"enabled\":false}").expect(204);
    realm.group("empty");
    realm.group("slash");
    realm.send("PUT", "/groups/" + realm.group("slash"), "{\"name\":\"a/b\"}").expect(204);

    JsonNode owners = owners().json();
    List<String> users = owners.path("users").valueStream().map(JsonNode::asText).toList();
    assertTrue(users.containsAll(List.of("ada", "grace")), users.toString());
    assertEquals(
        List.of(),
        users.stream().filter(u -> u.equals("gone") || u.startsWith("service-account")).toList());
    assertEquals("[\"ada\"]", find(owners.path("groups"), "platform").path("members").toString());
    JsonNode deploy = find(owners.path("groups"), "platform/deploy");
    assertEquals("[\"ada\",\"grace\"]", deploy.path("members").toString());
    assertEquals(
        "{\"weeks\":1,\"handover\":\"Mon 00:00 UTC\",\"from\":\"2026-01-05\"}",
        deploy.path("rotation").toString());
    assertEquals("[]", deploy.path("overrides").toString());
    assertTrue(find(owners.path("groups"), "empty").isMissingNode());
    assertEquals(List.of("a/b"), texts(owners.path("problems"), "group"));
  }

  @Test
  void a_groups_attributes_say_whose_turn_it_is() {
    for (String name : List.of("bob", "carol", "dave")) {
      realm.user(name).joins("turns");
    }
    realm.attributes(
        realm.group("turns"),
        Map.of(
            "writ.order", List.of("carol, nobody, bob"),
            "writ.rotation.weeks", List.of("2"),
            "writ.rotation.handover", List.of("Tue 09:00 Europe/Berlin"),
            "writ.override",
                List.of(
                    "2026-12-27T09:00/2026-12-28 dave",
                    "2026-12-24T09:00:00+01:00/2026-12-27T09:00:00+01:00 bob",
                    "tomorrow/later bob")));
    JsonNode owners = owners().json();
    JsonNode turns = find(owners.path("groups"), "turns");
    assertEquals("[\"carol\",\"bob\",\"dave\"]", turns.path("members").toString());
    assertEquals(
        "{\"weeks\":2,\"handover\":\"Tue 09:00 Europe/Berlin\",\"from\":\"2026-01-06\"}",
        turns.path("rotation").toString());
    assertEquals(
        "[{\"from\":\"2026-12-24T08:00:00Z\",\"until\":\"2026-12-27T08:00:00Z\",\"user\":\"bob\"},{\"from\":\"2026-12-27T08:00:00Z\",\"until\":\"2026-12-27T23:00:00Z\",\"user\":\"dave\"}]",
        turns.path("overrides").toString());
    assertTrue(owners.path("problems").toString().contains("got tomorrow/later bob"));

    realm.attributes(realm.group("turns"), Map.of("writ.order", List.of("2 bob", "1 dave, carol")));
    assertEquals(
        "[\"dave\",\"carol\",\"bob\"]",
        find(owners().json().path("groups"), "turns").path("members").toString());

    realm.attributes(realm.group("turns"), Map.of("writ.rotation.from", List.of("2026-01-06")));
    JsonNode broken = owners().json();
    assertTrue(find(broken.path("groups"), "turns").isMissingNode());
    assertTrue(
        broken.path("problems").toString().contains("2026-01-06 is not the day of the hand-over"),
        broken.path("problems").toString());
  }

  @Test
  void the_number_of_owners_moves_with_every_change_of_people_groups_and_memberships() {
    String known = owners().header("ETag");
    KeycloakRealm.Person zoe = realm.user("zoe");
    known = moved(known, "a user is made");
    String group = realm.group("zoo");
    known = moved(known, "a group is made");
    realm.send("PUT", "/users/" + zoe.id() + "/groups/" + group, "{}").expect(204);
    known = moved(known, "a user joins");
    realm
        .send(
            "PUT",
            "/groups/" + group,
            "{\"name\":\"zoo\",\"attributes\":{\"writ.order\":[\"zoe\"]}}")
        .expect(204);
    known = moved(known, "attributes change");
    realm.send("PUT", "/users/" + zoe.id(), "{\"enabled\":false}").expect(204);
    known = moved(known, "a user is disabled");
    realm.send("DELETE", "/users/" + zoe.id() + "/groups/" + group, "").expect(204);
    known = moved(known, "a user leaves");
    realm.send("DELETE", "/groups/" + group, "").expect(204);
    known = moved(known, "a group is deleted");
    realm.send("DELETE", "/users/" + zoe.id(), "").expect(204);
    known = moved(known, "a user is deleted");
    realm
        .send(
            "POST",
            "/partialImport",
            "{\"ifResourceExists\":\"SKIP\",\"users\":[{\"username\":\"imported\",\"enabled\":true}]}")
        .expect(200);
    known = moved(known, "users are imported");
    realm.send("PUT", "", "{\"displayName\":\"other\"}").expect(204);
    source("owners", broker, known).expect(304);
  }

  @Test
  void a_change_that_keycloak_tells_nobody_of_is_noticed_soon() throws Exception {
    realm.user("directory");
    String known = owners().header("ETag");
    int changed =
        KEYCLOAK
            .postgres()
            .execute(
                "update user_entity set enabled = false where username = 'directory' and realm_id ="
                    + " (select id from realm where name = '"
                    + realm.name()
                    + "')");
    assertEquals(1, changed);
    Reply reply = source("owners", broker, known);
    for (int i = 0; i < 50 && reply.status() == 304; i++) {
      Thread.sleep(100);
      reply = source("owners", broker, known);
    }
    assertEquals(200, reply.status());
    assertFalse(reply.body().contains("\"directory\""));
    source("owners", broker, reply.header("ETag")).expect(304);
  }

  @Test
  void who_registers_himself_is_an_owner_at_once() throws Exception {
    realm.send("PUT", "", "{\"registrationAllowed\":true}").expect(204);
    String known = owners().header("ETag");
    try (Visitor visitor = new Visitor()) {
      assertEquals(302, visitor.register(realm, "newcomer"));
    }
    moved(known, "a user registers");
    assertTrue(owners().json().path("users").toString().contains("\"newcomer\""));
  }

  private static String moved(String known, String by) {
    Reply reply = source("owners", broker, known);
    assertEquals(200, reply.status(), by);
    return reply.header("ETag");
  }
}
