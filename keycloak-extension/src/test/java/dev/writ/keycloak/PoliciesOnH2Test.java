package dev.writ.keycloak;

import org.junit.jupiter.api.extension.RegisterExtension;

class PoliciesOnH2Test extends PolicyContract {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onH2();

  @Override
  TestKeycloak keycloak() {
    return KEYCLOAK;
  }
}
