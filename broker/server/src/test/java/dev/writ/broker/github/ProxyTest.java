package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.broker.exchange.Minted;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.http.TunnelProxy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A GitHub that is reached through the configured proxy. */
class ProxyTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  @Test
  void everything_goes_through_a_tunnel_and_tls_ends_at_github() {
    try (TunnelProxy proxy = TunnelProxy.start()) {
      GitHubMinter minter =
          new GitHubMinter(
              new GitHubMinter.Connection(
                  hub.github.url(), hub.tls(), Optional.of(proxy.address())),
              List.of(
                  new GitHubMinter.ConfiguredApp(
                      String.valueOf(hub.app.id()),
                      TestKeys.signer(HubExtension.KEY.pem()),
                      List.of("acme"))),
              hub.bindings(),
              hub.quota,
              Clock.systemUTC());

      Minted minted = minter.mint(Asked.intent(Asked.grant(Asked.READ, "api")));

      assertInstanceOf(Minted.Issued.class, minted, () -> String.valueOf(minted));
      assertEquals(
          Set.of("CONNECT " + hub.github.url().getAuthority() + " HTTP/1.1"),
          Set.copyOf(proxy.lines()));
    }
  }
}
