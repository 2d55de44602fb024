package dev.writ.broker.keycloak;

import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import dev.writ.fixtures.keycloaksource.SourceRealm;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The fake keeps the contract. */
class FakeSourceRealmTest extends SourceRealmContract {
  private Optional<FakeSourceRealm> fake = Optional.empty();

  @Override
  protected SourceRealm realm() {
    FakeSourceRealm fresh = FakeSourceRealm.https();
    fake = Optional.of(fresh);
    return fresh;
  }

  @AfterEach
  void close() {
    fake.ifPresent(FakeSourceRealm::close);
  }
}
