package dev.writ.broker.trust;

import dev.writ.broker.keys.FileKeyProvider;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server shows in the TLS handshake.
 *
 * @param chain its own certificate first
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {

  public ServerIdentity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A server needs a certificate");
    }
  }

  /**
   * Reads {@code listen.tls}.
   *
   * @param certificates PEM, the server's own first
   * @param key a {@code file:} reference
   * @throws KeyException if either cannot be read or they do not belong together
   */
  public static ServerIdentity load(Path certificates, KeyRef key) {
    List<X509Certificate> chain = Certificates.parsePem(read(certificates));
    KeyPair pair = new FileKeyProvider().keyPair(key);
    String certified = Certificates.keyId(chain.get(0).getPublicKey());
    if (!certified.equals(Certificates.keyId(pair.getPublic()))) {
      throw new KeyException(
          "%s: its first certificate is not of the key %s; put the server's own certificate first"
              .formatted(certificates, key));
    }
    return new ServerIdentity(pair.getPrivate(), chain);
  }

  /** Its own certificate. */
  public X509Certificate leaf() {
    return chain.get(0);
  }

  @Override
  public String toString() {
    return "ServerIdentity[" + chain.get(0).getSubjectX500Principal() + "]";
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new KeyException("%s: cannot be read: %s".formatted(file, e), e);
    }
  }
}
