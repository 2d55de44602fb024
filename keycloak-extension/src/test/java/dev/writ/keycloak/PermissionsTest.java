package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakAdmin;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may do what, with Keycloak's own roles only. */
class PermissionsTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final List<String> READS =
      List.of(
          "policies",
          "policies/operator",
          "policies/operator/versions",
          "policies/operator/versions/1",
          "policies/operator/compare?from=1&to=1",
          "suggestions?kind=group",
          "suggestions?kind=user",
          "vocabulary",
          "settings",
          "agents",
          "agents/00000000-0000-0000-0000-000000000000",
          "agents/00000000-0000-0000-0000-000000000000/writs",
          "openapi.yaml");

  /** Method, path and body. */
  private static final List<List<String>> WRITES =
      List.of(
          List.of("PUT", "policies/mine", "{}"),
          List.of("POST", "policies/operator/restore", "{\"version\":1,\"expected\":1}"),
          List.of("DELETE", "policies/operator?expected=1&force=true", ""),
          List.of("PUT", "settings", "{\"broker\":{\"url\":\"https://evil.example\"}}"),
          List.of("POST", "agents/00000000-0000-0000-0000-000000000000/kill", "{}"));

  private static KeycloakRealm realm;
  private static WritApi admin;

  @BeforeAll
  static void somebodySavedAPolicy() {
    realm = KEYCLOAK.realm();
    admin = WritApi.of(realm);
    admin.save("operator", 0, "", Policies.operator()).expect(201);
  }

  private static void changesNothing(Runnable attempts) {
    String before = state();
    attempts.run();
    assertEquals(before, state());
  }

  private static String state() {
    return admin.get("policies").body() + admin.history("operator") + admin.get("settings").body();
  }

  @Test
  void whoever_has_no_token_or_none_of_this_server_is_refused() {
    changesNothing(() -> {
      String ours = realm.admin().token();
      String altered = ours.substring(0, ours.length() - 8) + "AAAAAAAA";
      for (String token : List.of("", "x", altered)) {
        WritApi nobody = admin.as(token);
        READS.forEach(path -> nobody.get(path).expect(401));
        WRITES.forEach(w -> nobody.send(w.get(0), w.get(1), w.get(2)).expect(401));
      }
    });
  }

  @Test
  void a_user_without_roles_is_refused_everything() {
    String token = realm.user("plain").token();
    changesNothing(() -> {
      READS.forEach(path ->
          assertEquals(
              "urn:writ:problem:forbidden", admin.as(token).get(path).expect(403).text("type")));
      WRITES.forEach(w -> admin.as(token).send(w.get(0), w.get(1), w.get(2)).expect(403));
    });
  }

  @Test
  void view_realm_reads_and_tries_but_writes_nothing() {
    WritApi viewer = admin.as(realm.user("viewer").manages("view-realm").token());
    changesNothing(() -> {
      viewer.get("policies").expect(200);
      viewer.get("policies/operator").expect(200);
      viewer.get("settings").expect(200);
      viewer.post("policies/check", WritApi.object().put("yaml", Policies.operator())).expect(200);
      viewer.post("policies/operator/impact", WritApi.object().put("delete", true)).expect(200);
      for (List<String> w : WRITES) {
        Reply refused = viewer.send(w.get(0), w.get(1), w.get(2)).expect(403);
        assertEquals("Changing this takes the role manage-realm.", refused.text("detail"));
      }
      viewer.save("mine", 0, "", Policies.internal("mine", "a")).expect(403);
    });
  }

  @Test
  void manage_realm_writes_and_is_named_as_the_author() {
    WritApi manager = admin.as(realm.user("ada").manages("manage-realm").token());
    Reply saved = manager.save("hers", 0, "first", Policies.internal("hers", "a")).expect(201);
    assertEquals("user:ada", saved.text("author"));
    manager.delete("hers", 1).expect(204);
  }

  @Test
  void who_manages_users_only_can_neither_write_nor_give_himself_the_right() {
    KeycloakRealm.Person mallory = realm.user("mallory").manages("manage-users");
    String token = mallory.token();
    KeycloakAdmin http = realm.admin();
    String management =
        http.get(realm.path("/clients?clientId=realm-management")).path(0).path("id").asText();
    for (String role : List.of("manage-realm", "view-realm", "realm-admin")) {
      JsonNode wanted = http.get(realm.path("/clients/" + management + "/roles/" + role));
      Reply refused =
          http.send(
              token,
              "POST",
              realm.path("/users/" + mallory.id() + "/role-mappings/clients/" + management),
              "[" + wanted + "]");
      assertEquals(403, refused.status(), role);
    }
    changesNothing(() -> {
      WritApi again = admin.as(mallory.token());
      again.get("policies").expect(403);
      again.save("mine", 0, "", Policies.internal("mine", "a")).expect(403);
    });
  }

  @Test
  void there_is_no_role_of_ours_that_anybody_could_be_given() {
    for (JsonNode client : realm.admin().get(realm.path("/clients?max=1000"))) {
      if (client.path("clientId").asText().contains("writ")) {
        assertEquals(
            0,
            realm
                .admin()
                .get(realm.path("/clients/" + client.path("id").asText() + "/roles"))
                .size());
      }
    }
    JsonNode roles = realm.admin().get(realm.path("/roles"));
    assertFalse(
        roles
            .valueStream()
            .anyMatch(role -> role.path("name").asText().matches(".*(writ|polic).*")),
        roles.toString());
  }

  @Test
  void another_realms_administrator_sees_and_changes_nothing_here() {
    KeycloakRealm other = KEYCLOAK.server().freshRealm("other");
    WritApi theirs = WritApi.of(other);
    theirs.save("theirs", 0, "", Policies.internal("theirs", "a")).expect(201);
    String token = other.user("eve").manages("realm-admin").token();

    changesNothing(() -> {
      READS.forEach(path -> admin.as(token).get(path).expect(403));
      WRITES.forEach(w -> admin.as(token).send(w.get(0), w.get(1), w.get(2)).expect(403));
    });
    assertEquals(List.of("theirs"), theirs.as(token).names(""));
    assertFalse(admin.names("").contains("theirs"));
    theirs.get("policies/operator").expect(404);
    source(other, token).expect(200);
    source(realm, token).expect(401);
    other.delete();
  }

  private static Reply source(KeycloakRealm at, String token) {
    return at.admin()
        .send(
            "GET",
            "/realms/" + at.name() + "/writ/source/policies",
            Map.of("Authorization", "Bearer " + token),
            "");
  }
}
