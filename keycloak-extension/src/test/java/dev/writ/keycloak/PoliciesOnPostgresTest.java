package dev.writ.keycloak;

import org.junit.jupiter.api.extension.RegisterExtension;

class PoliciesOnPostgresTest extends PolicyContract {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  @Override
  TestKeycloak keycloak() {
    return KEYCLOAK;
  }
}
