package dev.writ.broker.trust;

import static dev.writ.broker.trust.Fixture.DOMAIN;
import static dev.writ.broker.trust.Fixture.NOW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The key and trust managers in real TLS 1.3 handshakes of the JDK. */
@NullUnmarked
class HandshakeTest {

  private final Fixture fixture = new Fixture();
  private final ServerKeyManager keys = new ServerKeyManager(serverIdentity());
  private final Set<Principal> acceptable = ConcurrentHashMap.newKeySet();
  private SSLServerSocket server;

  @BeforeEach
  void listens() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        new KeyManager[] {keys},
        new TrustManager[] {new AnyClientTrustManager(() -> List.of(fixture.root.certificate()))},
        null);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setWantClientAuth(true);
  }

  @AfterEach
  void closes() throws Exception {
    server.close();
  }

  @Test
  void lets_an_svid_a_foreign_certificate_and_none_through_for_the_handler_to_judge()
      throws Exception {
    ClientCertificates judge =
        new ClientCertificates(DOMAIN, List.of(fixture.root.certificate()), id -> false);
    List<X509Certificate> own = handshake(fixture);
    assertInstanceOf(ClientCertificates.Proven.class, judge.verify(own, NOW));
    List<X509Certificate> foreign = handshake(new Fixture());
    assertEquals(2, foreign.size());
    assertEquals(
        ClientCertificates.Reason.FOREIGN,
        assertInstanceOf(ClientCertificates.Refused.class, judge.verify(foreign, NOW)).reason());
    assertEquals(List.of(), handshake(null));
  }

  @Test
  void names_the_trust_bundle_alone_as_acceptable_authorities() throws Exception {
    handshake(fixture);
    assertEquals(Set.of(fixture.root.certificate().getSubjectX500Principal()), acceptable);
  }

  @Test
  void shows_a_replaced_certificate_from_the_next_handshake_on() throws Exception {
    X509Certificate before = serverCertificate();
    assertEquals(before, serverCertificate());
    ServerIdentity fresh = serverIdentity();
    keys.replace(fresh);
    assertEquals(fresh.leaf(), serverCertificate());
  }

  @Test
  void a_handshake_that_began_before_a_replacement_ends_with_what_it_began() {
    ServerIdentity before = keys.current();
    String alias = keys.chooseServerAlias("EC", null, null);
    keys.replace(serverIdentity());
    assertEquals(before.key(), keys.getPrivateKey(alias));
    assertArrayEquals(
        before.chain().toArray(X509Certificate[]::new), keys.getCertificateChain(alias));
  }

  @Test
  void never_trusts_a_server() {
    AnyClientTrustManager manager = new AnyClientTrustManager(List::of);
    X509Certificate[] chain = {fixture.root.certificate()};
    assertThrows(CertificateException.class, () -> manager.checkServerTrusted(chain, "EC"));
  }

  private ServerIdentity serverIdentity() {
    return fixture
        .root
        .serverIssuer(InstantSource.fixed(NOW), ServerNames.of(List.of("localhost", "127.0.0.1")))
        .issue();
  }

  /** What the server saw of the client. */
  private List<X509Certificate> handshake(Fixture client) throws Exception {
    CompletableFuture<List<X509Certificate>> seen = new CompletableFuture<>();
    Thread.startVirtualThread(() -> accept(seen));
    try (SSLSocket socket = connect(client)) {
      socket.startHandshake();
      assertEquals('!', socket.getInputStream().read());
      assertTrue(socket.getSession().isValid());
      return seen.get();
    }
  }

  private X509Certificate serverCertificate() throws Exception {
    Thread.startVirtualThread(() -> accept(new CompletableFuture<>()));
    try (SSLSocket socket = connect(null)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private void accept(CompletableFuture<List<X509Certificate>> seen) {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      seen.complete(peer(socket));
      socket.getOutputStream().write('!');
    } catch (Exception e) {
      seen.completeExceptionally(e);
    }
  }

  private static List<X509Certificate> peer(SSLSocket socket) {
    try {
      return List.of(socket.getSession().getPeerCertificates()).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /** Verifies the server by the trust bundle, by name. */
  private SSLSocket connect(Fixture client) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", fixture.root.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        client == null ? null : new KeyManager[] {new AgentKeys(client)},
        trust.getTrustManagers(),
        null);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(server.getInetAddress(), server.getLocalPort());
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }

  /** Shows its SVID whatever authorities the server names, and notes them. */
  private final class AgentKeys extends X509ExtendedKeyManager {
    private final Fixture agent;
    private final X509Svid svid;

    AgentKeys(Fixture agent) {
      this.agent = agent;
      this.svid = agent.svid();
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, java.net.Socket socket) {
      acceptable.addAll(List.of(issuers));
      return "agent";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return svid.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return agent.agentKey.getPrivate();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"agent"};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, java.net.Socket socket) {
      return "";
    }
  }
}
