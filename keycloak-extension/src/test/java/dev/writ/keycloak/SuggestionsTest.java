package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which names the page is told while somebody types, and who is told them. */
class SuggestionsTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final String CONSOLE = "writ-console";

  private static KeycloakRealm realm;
  private static WritApi viewer;

  @BeforeAll
  static void aRealmWithPeople() {
    realm = KEYCLOAK.realm();
    realm.allowPasswords(CONSOLE);
    List.of("platform/deploy", "platform/Data", "security", "red/blue/deployers")
        .forEach(realm::group);
    realm.user("ada").joins("platform/deploy");
    realm.user("adam");
    realm.disabledUser("adabert");
    realm.workload("ada-client");
    viewer = page(realm.user("viewer").manages("view-realm", "view-users"));
  }

  /** As the page asks for somebody. */
  private static WritApi page(KeycloakRealm.Person person) {
    return WritApi.of(realm).as(person.token(CONSOLE));
  }

  private static Reply ask(WritApi as, String kind, String search) {
    return as.get("suggestions?kind=" + kind + "&search=" + search);
  }

  private static List<String> names(WritApi as, String kind, String search) {
    return names(ask(as, kind, search));
  }

  private static List<String> names(Reply reply) {
    return reply.expect(200).json().path("names").valueStream().map(JsonNode::asText).toList();
  }

  @Test
  void groups_are_found_by_a_part_of_their_name_and_by_the_path_before_it() {
    assertEquals(List.of("platform/deploy", "red/blue/deployers"), names(viewer, "group", "EPLOY"));
    assertEquals(List.of("platform/deploy"), names(viewer, "group", "platform/dep"));
    assertEquals(List.of("platform/Data", "platform/deploy"), names(viewer, "group", "platform/"));
    assertEquals(List.of("security"), names(viewer, "group", "%20security%20"));
    assertEquals(List.of(), names(viewer, "group", "blue/dep/"));
    assertEquals(7, names(viewer, "group", "").size());
  }

  @Test
  void users_are_enabled_people_found_by_a_part_of_their_name_and_nothing_more_is_told_of_them() {
    Reply found = ask(viewer, "user", "DA").expect(200);
    assertEquals("{\"names\":[\"ada\",\"adam\"]}", found.body());
    assertEquals(List.of(), names(viewer, "user", "example.org"));
    assertEquals(List.of(), names(viewer, "user", "a_a"));
  }

  @Test
  void names_that_no_policy_can_name_are_left_out() {
    KeycloakRealm odd = KEYCLOAK.server().freshRealm("odd");
    odd.send("POST", "/groups", "{\"name\":\"a/b\"}").expect(201);
    odd.send("POST", "/groups", "{\"name\":\"a  b\"}").expect(201);
    odd.send("POST", "/groups", "{\"name\":\"a b\"}").expect(201);
    assertEquals(List.of("a b"), names(WritApi.of(odd), "group", "a"));
    odd.delete();
  }

  @Test
  void twenty_names_are_told_at_most_and_fewer_on_request() {
    KeycloakRealm many = KEYCLOAK.server().freshRealm("many");
    IntStream.range(0, 21).forEach(i -> many.group("team-%02d".formatted(i)));
    WritApi api = WritApi.of(many);
    List<String> told = names(api, "group", "team");
    assertEquals(20, told.size());
    assertEquals("team-19", told.get(19));
    assertEquals(
        List.of("team-00", "team-01"), names(api.get("suggestions?kind=group&search=team&max=2")));
    many.delete();
  }

  @Test
  void a_question_out_of_bounds_is_told_what_is_allowed() {
    for (String max : List.of("0", "21", "-1", "x")) {
      assertEquals(
          "max: expected a whole number from 1 to 20",
          viewer.get("suggestions?kind=user&max=" + max).expect(400).text("detail"));
    }
    assertEquals(
        "search: expected at most 255 characters",
        ask(viewer, "user", "a".repeat(256)).expect(400).text("detail"));
    assertEquals(List.of(), names(viewer, "user", "a".repeat(255)));
    for (String kind : List.of("client", "", "Group")) {
      assertEquals(
          "kind: expected group or user", ask(viewer, kind, "a").expect(400).text("detail"));
    }
  }

  @Test
  void the_persons_roles_count_and_not_those_of_the_pages_token() {
    KeycloakRealm.Person writer = realm.user("writer").manages("manage-realm", "view-realm");
    for (String kind : List.of("group", "user")) {
      Reply refused = ask(page(writer), kind, "a").expect(403);
      assertEquals(
          "Seeing which " + kind + "s there are takes the role view-users.",
          refused.text("detail"));
      assertFalse(refused.body().contains("ada"), refused.body());
    }
    writer.manages("manage-users");
    assertEquals(List.of("ada", "adam"), names(page(writer), "user", "ada"));
    assertEquals(List.of("security"), names(page(writer), "group", "secur"));
    KeycloakRealm.Person boss = realm.user("boss").manages("realm-admin");
    assertEquals(List.of("security"), names(page(boss), "group", "secur"));
  }

  @Test
  void who_may_ask_but_see_nobody_is_told_no_name() {
    WritApi lister =
        page(realm.user("lister").manages("view-realm", "query-users", "query-groups"));
    assertEquals(List.of(), names(lister, "user", ""));
    assertEquals(List.of(), names(lister, "group", ""));
  }

  @Test
  void who_may_see_people_but_no_policies_is_refused() {
    ask(page(realm.user("clerk").manages("view-users")), "user", "a").expect(403);
  }

  @Test
  void a_token_of_another_client_shows_no_more_than_it_carries() {
    JsonNode roles = realm.admin().get(realm.path("/clients?clientId=realm-management")).path(0);
    ObjectNode client = WritApi.object().put("clientId", "narrow").put("publicClient", true);
    client.put("directAccessGrantsEnabled", true).put("fullScopeAllowed", false);
    String id = realm.admin().create(realm.path("/clients"), client.toString());
    String management = "/clients/" + roles.path("id").asText();
    JsonNode viewRealm = realm.admin().get(realm.path(management + "/roles/view-realm"));
    realm
        .send("POST", "/clients/" + id + "/scope-mappings" + management, "[" + viewRealm + "]")
        .expect(204);
    KeycloakRealm.Person root = realm.user("root").manages("realm-admin");

    WritApi narrow = WritApi.of(realm).as(root.token("narrow"));

    narrow.get("policies").expect(200);
    ask(narrow, "user", "ada").expect(403);
    ask(narrow, "group", "platform").expect(403);
    WritApi wide = WritApi.of(realm).as(root.token());
    assertEquals(List.of("ada", "adam"), names(wide, "user", "ada"));
  }

  @Test
  void where_permissions_are_fine_grained_only_the_groups_that_one_may_view_are_told() {
    KeycloakRealm fine = KEYCLOAK.server().freshRealm("fine");
    fine.allowPasswords(CONSOLE);
    String shown = fine.group("team-shown");
    fine.group("team-hidden");
    KeycloakRealm.Person lead = fine.user("lead").manages("view-realm", "query-groups");
    fine.send("PUT", "", "{\"adminPermissionsEnabled\":true}").expect(204);
    mayView(fine, lead, shown);

    WritApi leads = WritApi.of(fine).as(lead.token(CONSOLE));

    assertEquals(List.of("team-shown"), names(leads, "group", "team"));
    ask(leads, "user", "").expect(403);
    fine.delete();
  }

  /** By a permission of its own, as the console's page for permissions makes it. */
  private static void mayView(KeycloakRealm in, KeycloakRealm.Person who, String group) {
    String client =
        in.admin().get(in.path("/clients?clientId=admin-permissions")).at("/0/id").asText();
    String server = "/clients/" + client + "/authz/resource-server";
    ObjectNode policy = WritApi.object().put("name", "the lead");
    policy.putArray("users").add(who.id());
    String leads =
        in.send("POST", server + "/policy/user", policy.toString()).expect(201).text("id");
    ObjectNode permission = WritApi.object().put("name", "view").put("resourceType", "Groups");
    permission.putArray("resources").add(group);
    permission.putArray("scopes").add("view");
    permission.putArray("policies").add(leads);
    in.send("POST", server + "/permission/scope", permission.toString()).expect(201);
  }

  @Test
  void another_realms_people_never_appear() {
    KeycloakRealm other = KEYCLOAK.server().freshRealm("other");
    other.allowPasswords(CONSOLE);
    other.group("platform/theirs");
    other.user("adathers");
    KeycloakRealm.Person eve = other.user("eve").manages("realm-admin");

    assertEquals(List.of("ada", "adam"), names(viewer, "user", "ada"));
    assertEquals(List.of(), names(viewer, "group", "theirs"));
    ask(WritApi.of(realm).as(eve.token(CONSOLE)), "user", "ada").expect(403);
    assertEquals(
        List.of("adathers"), names(WritApi.of(other).as(eve.token(CONSOLE)), "user", "ada"));
    other.delete();
  }
}
