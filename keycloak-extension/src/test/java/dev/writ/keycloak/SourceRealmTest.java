package dev.writ.keycloak;

import dev.writ.broker.keycloak.SourceRealmContract;
import dev.writ.fixtures.keycloaksource.SourceRealm;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What brokers rely on holds for a real Keycloak, and so the fake one that they are tested with is
 * honest.
 */
class SourceRealmTest extends SourceRealmContract {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private Optional<SourceRealm> realm = Optional.empty();

  @Override
  protected SourceRealm realm() {
    SourceRealm fresh = new RealSourceRealm(KEYCLOAK.server().freshRealm("source"));
    realm = Optional.of(fresh);
    return fresh;
  }

  @AfterEach
  void close() {
    realm.ifPresent(SourceRealm::close);
  }
}
