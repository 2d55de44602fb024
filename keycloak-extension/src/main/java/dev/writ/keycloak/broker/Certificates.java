package dev.writ.keycloak.broker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Authorities that a realm names for its broker. */
public final class Certificates {
  private static final int COUNT_MAX = 32;

  private Certificates() {}

  /** Whether {@code pem} holds 1 to 32 certificates and nothing that cannot be read. */
  public static boolean isSound(String pem) {
    try {
      int count = read(pem).size();
      return count >= 1 && count <= COUNT_MAX;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Trusts these authorities alone. */
  static SSLContext trusting(String pem) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate one : read(pem)) {
        trusted.setCertificateEntry("ca-" + number++, one);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates that were sound when they were saved", e);
    }
  }

  private static Collection<? extends Certificate> read(String pem) throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
  }
}
