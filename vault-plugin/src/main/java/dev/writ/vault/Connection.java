package dev.writ.vault;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.VaultSettings;
import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Auth;
import io.github.jopenlibs.vault.api.Logical;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How Vault is spoken to: the driver, over an HTTP client that is made once. */
final class Connection implements AutoCloseable {

  /** Of transit and the auth methods; only the kv engine knows another one. */
  private static final int ENGINE_VERSION = 1;

  /** The driver would take an address, a token and trust from the environment and home folder. */
  private static final class NoEnvironment extends EnvironmentLoader {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable String loadVariable(String name) {
      return null;
    }
  }

  private final VaultSettings settings;
  private final HttpClient client;

  private Connection(VaultSettings settings, HttpClient client) {
    this.settings = settings;
    this.client = client;
  }

  /**
   * @throws KeyException if the authorities' file cannot be read
   */
  static Connection open(VaultSettings settings) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(direct())
            .connectTimeout(settings.timeout());
    settings.ca().ifPresent(ca -> client.sslContext(trusting(ca)));
    return new Connection(settings, client.build());
  }

  VaultSettings settings() {
    return settings;
  }

  /** Paths below {@code /v1/}, with a token. */
  Logical logical(Token token, Deadline deadline) {
    return new Logical(config(Optional.of(token), deadline));
  }

  /** What answers without a token, and outside any namespace. */
  Logical anonymous(Deadline deadline) {
    return new Logical(config(Optional.empty(), deadline)).withNameSpace("");
  }

  /** Logging in. */
  Auth auth(Deadline deadline) {
    return new Auth(config(Optional.empty(), deadline));
  }

  /** Renewing and revoking a token by itself. */
  Auth auth(Token token, Deadline deadline) {
    return new Auth(config(Optional.of(token), deadline));
  }

  private VaultConfig config(Optional<Token> token, Deadline deadline) {
    try {
      VaultConfig config =
          new VaultConfig()
              .environmentLoader(new NoEnvironment())
              .address(settings.address().toString())
              .engineVersion(ENGINE_VERSION)
              .httpClient(new BoundedHttpClient(client, deadline));
      if (settings.namespace().isPresent()) {
        config.nameSpace(settings.namespace().get());
      }
      token.ifPresent(one -> config.token(one.text()));
      return config.build();
    } catch (VaultException unsound) {
      throw new KeyException("The section vault cannot be used: " + unsound.getMessage(), unsound);
    }
  }

  /** Vault stands beside the broker; what the system would have between is not asked. */
  private static ProxySelector direct() {
    return HttpClient.Builder.NO_PROXY;
  }

  private static SSLContext trusting(Path pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(pem)))) {
        store.setCertificateEntry("ca" + number++, authority);
      }
      if (number == 0) {
        throw new KeyException(pem + ": no certificate in PEM; vault.ca names such a file");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new KeyException(pem + ": cannot be read as vault.ca: " + unreadable, unreadable);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
