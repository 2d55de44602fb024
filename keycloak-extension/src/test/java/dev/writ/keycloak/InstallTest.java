package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloak.KeycloakServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The jar comes to a Keycloak that is in use. */
@Tag("long")
class InstallTest {
  @Test
  void realms_that_were_there_are_ready_for_policies_brokers_and_the_page() {
    try (TestPostgres postgres = new TestPostgres()) {
      String name;
      try (KeycloakServer plain = postgres.use(TestKeycloak.plain()).start()) {
        KeycloakRealm realm = plain.freshRealm("old");
        name = realm.name();
        realm.user("ada").joins("platform");
        KeycloakRealm.existing(plain.admin(), "master").user("chief");
      }
      try (KeycloakServer extended = postgres.use(TestKeycloak.setup()).start()) {
        KeycloakRealm realm = KeycloakRealm.existing(extended.admin(), name);
        WritApi.of(realm).save("p", 0, "", Policies.internal("p", "a")).expect(201);
        String broker = realm.workload("writ-broker").token();
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + broker);
        String owners =
            realm
                .admin()
                .send("GET", "/realms/" + name + "/writ/source/owners", bearer, "")
                .expect(200)
                .body();
        assertTrue(owners.contains("\"platform\""), owners);
        byThePage(realm, realm.person("ada").manages("manage-realm"), realm);
        KeycloakRealm master = KeycloakRealm.existing(extended.admin(), "master");
        KeycloakRealm.Person chief = master.person("chief");
        master.grant(chief.id(), name + "-realm", "manage-realm");
        byThePage(master, chief, realm);

        extended.stop();
        extended.restart();
        assertEquals(List.of("p"), WritApi.of(realm).names(""));
        assertEquals(1, realm.admin().get(realm.path("/clients?clientId=writ-console")).size());
      }
    }
  }

  /** A person of a realm reads policies as the page does. */
  private static void byThePage(KeycloakRealm of, KeycloakRealm.Person person, KeycloakRealm at) {
    of.allowPasswords("writ-console");
    WritApi.of(at).as(person.token("writ-console")).get("policies").expect(200);
  }
}
