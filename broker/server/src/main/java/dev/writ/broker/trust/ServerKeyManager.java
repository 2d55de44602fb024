package dev.writ.broker.trust;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.NullUnmarked;

/**
 * Shows the server certificate of the moment; replacing it takes effect with the next handshake.
 * Never a client's.
 */
@NullUnmarked // the superclass answers null for "none"
public final class ServerKeyManager extends X509ExtendedKeyManager {

  /**
   * A handshake asks for the name first and for key and chain later: the name says which version,
   * and the version before is kept so that a replacement in between does not break the handshake.
   */
  private record Versions(long number, ServerIdentity latest, ServerIdentity before) {}

  private final AtomicReference<Versions> versions;

  public ServerKeyManager(ServerIdentity identity) {
    versions = new AtomicReference<>(new Versions(1, identity, identity));
  }

  /** Shows this one from now on. */
  public void replace(ServerIdentity identity) {
    versions.updateAndGet(old -> new Versions(old.number() + 1, identity, old.latest()));
  }

  /** What is shown now. */
  public ServerIdentity current() {
    return versions.get().latest();
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return chooseServerAlias(keyType, issuers, null);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    Versions now = versions.get();
    String algorithm = now.latest().chain().get(0).getPublicKey().getAlgorithm();
    return algorithm.equals(keyType) ? Long.toString(now.number()) : null;
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    String alias = chooseServerAlias(keyType, issuers, null);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return identity(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return identity(alias).key();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
    return null;
  }

  private ServerIdentity identity(String alias) {
    Versions now = versions.get();
    return Long.toString(now.number() - 1).equals(alias) ? now.before() : now.latest();
  }
}
