package dev.writ.broker.access;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/** Fetches what a configured URL names, and nothing that an answer points to: no redirects. */
final class PlainRetriever extends DefaultResourceRetriever {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 3_000;
  private static final int BYTES_MAX = 512 * 1024;

  PlainRetriever(Optional<SSLSocketFactory> tls, Optional<Proxy> proxy) {
    super(CONNECT_MILLIS, READ_MILLIS, BYTES_MAX, true, tls.orElse(null));
    proxy.ifPresent(this::setProxy);
  }

  @Override
  protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
    HttpURLConnection connection = super.openHTTPConnection(url);
    connection.setInstanceFollowRedirects(false);
    return connection;
  }
}
