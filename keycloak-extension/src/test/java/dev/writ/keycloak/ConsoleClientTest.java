package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the tokens of the page's client are worth, in the realm itself and in master. */
class ConsoleClientTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final String CONSOLE = "writ-console";

  private static KeycloakRealm realm;
  private static KeycloakRealm master;
  private static KeycloakRealm.Person chief;

  @BeforeAll
  static void anAdministratorOfEverything() {
    realm = KEYCLOAK.realm();
    master = KeycloakRealm.existing(KEYCLOAK.server().admin(), "master");
    master.allowPasswords(CONSOLE);
    realm.allowPasswords(CONSOLE);
    chief = master.user("chief");
    JsonNode admin = master.admin().get(master.path("/roles/admin"));
    master
        .send("POST", "/users/" + chief.id() + "/role-mappings/realm", "[" + admin + "]")
        .expect(204);
  }

  @AfterAll
  static void asItWas() {
    master.send("DELETE", "/users/" + chief.id(), "").expect(204);
    JsonNode client = client(master);
    ((ObjectNode) client).put("directAccessGrantsEnabled", false);
    master.send("PUT", "/clients/" + client.path("id").asText(), client.toString()).expect(204);
  }

  private static JsonNode client(KeycloakRealm of) {
    return of.admin().get(of.path("/clients?clientId=" + CONSOLE)).path(0);
  }

  /** Roles that the client's tokens may carry, by the client that they are of. */
  private static JsonNode scope(KeycloakRealm of) {
    return of.admin()
        .get(of.path("/clients/" + client(of).path("id").asText() + "/scope-mappings"))
        .path("clientMappings");
  }

  private static List<String> roles(JsonNode scope, String client) {
    return scope
        .path(client)
        .path("mappings")
        .valueStream()
        .map(role -> role.path("name").asText())
        .sorted()
        .toList();
  }

  @Test
  void by_masters_page_an_administrator_administers_any_realm() {
    WritApi api = WritApi.of(realm).as(chief.token(CONSOLE));

    api.get("policies").expect(200);
    Reply saved = api.save("chiefs", 0, "", Policies.internal("chiefs", "a")).expect(201);

    assertEquals("master/user:chief", saved.text("author"));
    KeycloakRealm later = KEYCLOAK.server().freshRealm("later");
    WritApi.of(later).as(chief.token(CONSOLE)).get("policies").expect(200);
    assertEquals(
        List.of("manage-realm", "view-realm"), roles(scope(master), later.name() + "-realm"));
    assertEquals(List.of("manage-realm", "view-realm"), roles(scope(master), "master-realm"));
    later.delete();
    assertTrue(scope(master).path(later.name() + "-realm").isMissingNode());
  }

  @Test
  void it_follows_a_realm_that_is_renamed() {
    KeycloakRealm before = KEYCLOAK.server().freshRealm("before");
    String name = before.name() + "-after";
    before.send("PUT", "", "{\"realm\":\"" + name + "\"}").expect(204);
    KeycloakRealm after = KeycloakRealm.existing(KEYCLOAK.server().admin(), name);

    WritApi.of(after).as(chief.token(CONSOLE)).get("policies").expect(200);

    after.delete();
  }

  @Test
  void masters_page_gives_nobody_more_than_he_has() {
    KeycloakRealm.Person clerk = master.user("clerk");
    try {
      WritApi.of(realm).as(clerk.token(CONSOLE)).get("policies").expect(403);
      master.grant(clerk.id(), realm.name() + "-realm", "view-realm");
      WritApi api = WritApi.of(realm).as(clerk.token(CONSOLE));
      api.get("policies").expect(200);
      api.save("clerks", 0, "", Policies.internal("clerks", "a")).expect(403);
      KeycloakRealm other = KEYCLOAK.server().freshRealm("other");
      WritApi.of(other).as(clerk.token(CONSOLE)).get("policies").expect(403);
      other.delete();
    } finally {
      master.send("DELETE", "/users/" + clerk.id(), "").expect(204);
    }
  }

  @Test
  void its_tokens_manage_no_users_anywhere() {
    KeycloakRealm.Person root = realm.user("root").manages("realm-admin");
    for (String token : List.of(root.token(CONSOLE), chief.token(CONSOLE))) {
      assertEquals(403, realm.admin().send(token, "GET", realm.path("/users"), "").status());
      assertEquals(
          403,
          realm.admin().send(token, "POST", realm.path("/users"), "{\"username\":\"x\"}").status());
      assertEquals(
          403, realm.admin().send(token, "POST", "/admin/realms", "{\"realm\":\"x\"}").status());
    }
  }

  @Test
  void by_masters_page_names_are_suggested_to_those_who_may_see_them() {
    realm.group("platform");
    KeycloakRealm.Person clerk = master.user("clerk-of-names");
    try {
      master.grant(clerk.id(), realm.name() + "-realm", "view-realm");
      WritApi clerks = WritApi.of(realm).as(clerk.token(CONSOLE));
      clerks.get("suggestions?kind=group&search=plat").expect(403);
      master.grant(clerk.id(), realm.name() + "-realm", "view-users");
      for (KeycloakRealm.Person person : List.of(clerk, chief)) {
        assertEquals(
            "{\"names\":[\"platform\"]}",
            WritApi.of(realm)
                .as(person.token(CONSOLE))
                .get("suggestions?kind=group&search=plat")
                .expect(200)
                .body());
      }
    } finally {
      master.send("DELETE", "/users/" + clerk.id(), "").expect(204);
    }
  }

  @Test
  void its_tokens_list_no_groups_and_no_users_anywhere_but_here() {
    KeycloakRealm.Person lister =
        realm.user("lister").manages("view-realm", "query-groups", "query-users");
    for (String what : List.of("/groups", "/users")) {
      assertEquals(
          403,
          realm.admin().send(lister.token(CONSOLE), "GET", realm.path(what), "").status(),
          what);
    }
  }
}
