package dev.writ.broker.wire;

import dev.writ.fixtures.keys.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** What a server shows in the handshake. */
final class Chains {
  private Chains() {}

  /** Its own certificate first. */
  static List<X509Certificate> of(URI server, String trustedPem) {
    try (SSLSocket socket =
        (SSLSocket)
            Tls.client(trustedPem)
                .getSocketFactory()
                .createSocket(server.getHost(), server.getPort())) {
      socket.startHandshake();
      Certificate[] chain = socket.getSession().getPeerCertificates();
      return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
