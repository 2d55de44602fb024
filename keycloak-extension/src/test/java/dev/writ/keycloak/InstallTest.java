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
  private static final int WARM_UP = 300;
  private static final int TOKENS = 1_000;

  /** Two measurements on a machine that does other things, too. */
  private static final double NOISE = 1.5;

  @Test
  void realms_that_were_there_are_ready_for_policies_and_tokens_are_no_slower() {
    try (TestPostgres postgres = new TestPostgres()) {
      String name;
      double before;
      try (KeycloakServer plain = postgres.use(TestKeycloak.plain()).start()) {
        KeycloakRealm realm = plain.freshRealm("old");
        name = realm.name();
        realm.user("ada").joins("platform");
        realm.workload("busy");
        before = perToken(plain, name);
        double start = restart(plain);
        System.out.printf("Without the jar: start %.1f s, a token %.2f ms%n", start, before);
      }
      try (KeycloakServer extended = postgres.use(TestKeycloak.setup()).start()) {
        KeycloakRealm realm = KeycloakRealm.existing(extended.admin(), name);
        WritApi api = WritApi.of(realm);
        assertEquals(1, realm.admin().get(realm.path("/clients?clientId=writ-console")).size());
        api.save("p", 0, "", Policies.internal("p", "a")).expect(201);
        String broker = realm.workload("writ-broker").token();
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + broker);
        String owners =
            realm
                .admin()
                .send("GET", "/realms/" + name + "/writ/source/owners", bearer, "")
                .expect(200)
                .body();
        assertTrue(owners.contains("\"platform\""), owners);
        double after = perToken(extended, name);
        double start = restart(extended);
        System.out.printf("With the jar: start %.1f s, a token %.2f ms%n", start, after);
        assertEquals(List.of("p"), api.names(""));
        assertTrue(after < before * NOISE, before + " ms, then " + after + " ms");
      }
    }
  }

  /** Seconds until it is ready. */
  private static double restart(KeycloakServer server) {
    server.stop();
    long began = System.nanoTime();
    server.restart();
    return (System.nanoTime() - began) / 1e9;
  }

  /** Milliseconds per token of a client, one after the other. */
  private static double perToken(KeycloakServer server, String realm) {
    Map<String, String> form =
        Map.of("grant_type", "client_credentials", "client_id", "busy", "client_secret", "busy");
    for (int i = 0; i < WARM_UP; i++) {
      server.admin().token(realm, form);
    }
    long began = System.nanoTime();
    for (int i = 0; i < TOKENS; i++) {
      server.admin().token(realm, form);
    }
    return (System.nanoTime() - began) / 1e6 / TOKENS;
  }
}
