package dev.writ.broker;

import dev.writ.broker.trust.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts the authorities of one configured file and no others. */
final class TrustedSockets {
  private TrustedSockets() {}

  /**
   * @param pem one or more certificates
   * @throws IllegalStateException if it cannot be read
   */
  static SSLSocketFactory of(Path pem) {
    return context(pem).getSocketFactory();
  }

  /** The same before there is a socket. */
  static SSLContext context(Path pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (X509Certificate authority : Certificates.parsePem(Files.readString(pem))) {
        store.setCertificateEntry("ca" + number++, authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException failed) {
      throw new IllegalStateException(
          "The certificates in " + pem + " cannot be read: " + failed.getMessage(), failed);
    }
  }
}
