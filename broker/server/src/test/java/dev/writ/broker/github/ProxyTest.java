package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.broker.exchange.Minted;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.store.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A GitHub that is reached through the configured proxy. */
class ProxyTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  private final Set<String> lines = new ConcurrentSkipListSet<>();

  @Test
  void everything_goes_through_a_tunnel_and_tls_ends_at_github() throws IOException {
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> serve(proxy));
      GitHubMinter minter =
          new GitHubMinter(
              new GitHubMinter.Connection(
                  hub.github.url(),
                  hub.tls(),
                  Optional.of(new InetSocketAddress("127.0.0.1", proxy.getLocalPort()))),
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
    }
    assertEquals(Set.of("CONNECT " + hub.github.url().getAuthority() + " HTTP/1.1"), lines);
  }

  private void serve(ServerSocket proxy) {
    while (!proxy.isClosed()) {
      try {
        Socket client = proxy.accept();
        Thread.startVirtualThread(() -> tunnel(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void tunnel(Socket client) {
    try (client;
        Socket server = new Socket("localhost", hub.github.url().getPort())) {
      var reader =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII), 1);
      lines.add(String.valueOf(reader.readLine()));
      while (!String.valueOf(reader.readLine()).isEmpty()) {}
      OutputStream out = client.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Thread.startVirtualThread(() -> copy(server, client));
      copy(client, server);
    } catch (IOException broken) {
      lines.add("broken: " + broken.getMessage());
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      return;
    }
  }
}
