package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Policies go with their realm. */
class TransferTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final String ATTRIBUTE = "dev.writ.policies";

  private static ObjectNode exported(KeycloakRealm realm, String query) {
    return realm.send("POST", "/partial-export" + query, "").expect(200).json().deepCopy();
  }

  private static long reached(KeycloakRealm realm) {
    return realm
        .admin()
        .send(
            "GET",
            "/realms/" + realm.name() + "/writ/source/policies",
            Map.of(
                "Authorization",
                "Bearer " + realm.user("reader").manages("view-realm", "view-users").token()),
            "")
        .expect(200)
        .json()
        .path("version")
        .asLong();
  }

  /** Deletes the realm and makes it again from its file. */
  private static KeycloakRealm again(KeycloakRealm realm, ObjectNode file) {
    realm.delete();
    return KeycloakRealm.imported(realm.admin(), realm.name(), file.toString());
  }

  @Test
  void an_exported_realm_brings_all_versions_counters_and_settings_to_its_copy() {
    KeycloakRealm realm = KEYCLOAK.server().freshRealm("moved");
    WritApi api = WritApi.of(realm);
    api.send(
            "PUT",
            "settings",
            "{\"broker\":{\"url\":\"https://writ.example.org\"},\"broker_client\":\"b\"}")
        .expect(200);
    api.save("kept", 0, "Grüße 1", Policies.internal("kept", "a")).expect(201);
    api.save("kept", 1, "2", Policies.internal("kept", "a", "b")).expect(200);
    api.restore("kept", 1, 2).expect(200);
    api.save("gone", 0, "", Policies.operator().replace("name: operator", "name: gone"))
        .expect(201);
    api.delete("gone", 1).expect(204);

    ObjectNode file = exported(realm, "");
    assertTrue(file.path("attributes").has(ATTRIBUTE));
    assertFalse(
        realm.send("GET", "", "").json().path("attributes").has(ATTRIBUTE),
        "it is in the file only");

    List<String> paths =
        List.of(
            "policies/kept",
            "policies/kept/versions",
            "policies/gone/versions",
            "policies/kept/versions/2",
            "settings");
    List<String> before = paths.stream().map(path -> api.get(path).expect(200).body()).toList();
    long reached = reached(realm);

    KeycloakRealm copy = again(realm, file);
    WritApi there = WritApi.of(copy);
    assertEquals(before, paths.stream().map(path -> there.get(path).expect(200).body()).toList());
    assertEquals(List.of("kept"), there.names("?search=deploy.internal"));
    assertFalse(copy.send("GET", "", "").json().path("attributes").has(ATTRIBUTE));
    assertTrue(reached(copy) > reached, "an import is a change");

    Reply next = there.save("kept", 3, "", Policies.internal("kept", "c")).expect(200);
    assertEquals(4, next.json().path("version").asInt());
  }

  @Test
  void a_realm_that_nobody_kept_policies_in_exports_as_it_always_did() {
    KeycloakRealm plain = KEYCLOAK.server().freshRealm("plain");
    assertFalse(exported(plain, "").path("attributes").has(ATTRIBUTE));
    plain.delete();
  }

  @Test
  void a_file_that_was_tampered_with_makes_no_realm() {
    KeycloakRealm source = KEYCLOAK.server().freshRealm("tampered");
    WritApi.of(source).save("p", 0, "", Policies.internal("p", "a")).expect(201);
    ObjectNode file = exported(source, "");
    source.delete();
    String sound = file.path("attributes").path(ATTRIBUTE).asText();
    for (String bad : List.of("x", sound.replace("\"launch\"", "\"lunch\""))) {
      ((ObjectNode) file.path("attributes")).put(ATTRIBUTE, bad);
      Reply refused = KEYCLOAK.server().admin().send("POST", "/admin/realms", file.toString());
      assertEquals(400, refused.status(), bad);
      KEYCLOAK.server().admin().send("GET", source.path(""), "").expect(404);
    }
  }

  @Test
  void the_pages_client_is_made_with_a_realm_and_survives_its_export() {
    KeycloakRealm realm = KEYCLOAK.server().freshRealm("client");
    JsonNode client = realm.admin().get(realm.path("/clients?clientId=writ-console")).path(0);
    assertEquals(
        "[\"/realms/" + realm.name() + "/writ/*\"]", client.path("redirectUris").toString());
    assertTrue(client.path("publicClient").asBoolean());
    assertFalse(client.path("directAccessGrantsEnabled").asBoolean());
    assertFalse(client.path("fullScopeAllowed").asBoolean());
    assertEquals("S256", client.path("attributes").path("pkce.code.challenge.method").asText());

    KeycloakRealm copy =
        again(realm, exported(realm, "?exportClients=true&exportGroupsAndRoles=true"));
    JsonNode copied = copy.admin().get(copy.path("/clients?clientId=writ-console"));
    assertEquals(1, copied.size());
    assertEquals(
        "[\"/realms/" + copy.name() + "/writ/*\"]", copied.path(0).path("redirectUris").toString());

    String renamed = realm.name() + "-renamed";
    realm.send("PUT", "", "{\"realm\":\"" + renamed + "\"}").expect(204);
    KeycloakRealm again = KeycloakRealm.existing(realm.admin(), renamed);
    assertEquals(
        "[\"/realms/" + renamed + "/writ/*\"]",
        again
            .admin()
            .get(again.path("/clients?clientId=writ-console"))
            .path(0)
            .path("redirectUris")
            .toString());
    again.delete();
  }
}
