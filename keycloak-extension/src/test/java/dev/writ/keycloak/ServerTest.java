package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  @Test
  void a_fresh_realm_is_there() {
    assertEquals(
        KEYCLOAK.realm().name(), KEYCLOAK.realm().send("GET", "", "").expect(200).text("realm"));
  }
}
