package dev.writ.broker.trust;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every client certificate through the handshake, which proves only the possession of its key;
 * {@link ClientCertificates} judges it at each request, so that a foreign or expired one is
 * answered in words and not with a TLS alert. Names the trust bundle as acceptable authorities, so
 * that clients choose the right certificate. Trusts no server.
 */
public final class AnyClientTrustManager extends X509ExtendedTrustManager {

  private final Supplier<List<X509Certificate>> bundle;

  /**
   * @param bundle the roots of the moment
   */
  public AnyClientTrustManager(Supplier<List<X509Certificate>> bundle) {
    this.bundle = bundle;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return bundle.get().toArray(X509Certificate[]::new);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noServer();
  }

  private static CertificateException noServer() {
    return new CertificateException("This trust manager is for the server's side only");
  }
}
