package dev.writ.broker.cli;

import dev.writ.broker.config.Config;
import dev.writ.broker.config.Listen;
import dev.writ.document.Quoted;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the broker. {@code --config}, where it is typed, says everything, so that a token that the
 * environment holds for one broker is never shown to another. Otherwise {@code WRIT_URL} does, with
 * {@code WRIT_CA} and {@code WRIT_TOKEN_FILE}; otherwise {@code ./writ.yaml} or the defaults.
 * Without a token file it is the token of {@code writ login}.
 */
final class AccessFinder {
  private static final String URL = "WRIT_URL";
  private static final String CA = "WRIT_CA";
  private static final String TOKEN_FILE = "WRIT_TOKEN_FILE";
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]");

  private final Surroundings surroundings;

  AccessFinder(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** How to reach it as who one is logged in as. */
  Access find(Optional<Path> configFile) {
    Place place = place(configFile);
    BearerToken token =
        place.tokenFile().isPresent()
            ? BearerToken.read(place.tokenFile().get())
            : new Logins(surroundings).token(place.url());
    return place.access(Optional.of(token));
  }

  /**
   * Where a broker is.
   *
   * @param tokenFile absent where a login is needed
   * @param config where there is one that says more of it
   */
  record Place(
      URI url,
      String name,
      List<X509Certificate> trusted,
      Optional<Path> tokenFile,
      Optional<Config> config) {
    Access access(Optional<BearerToken> token) {
      return new Access(url, name, trusted, token);
    }
  }

  Place place(Optional<Path> configFile) {
    Optional<String> url = variable(URL);
    return configFile.isEmpty() && url.isPresent()
        ? byEnvironment(url.get())
        : byConfig(new Configs(surroundings).read(configFile), url.isEmpty());
  }

  private Place byEnvironment(String text) {
    URI url = url(text);
    Path ca =
        file(CA)
            .orElseThrow(() ->
                new Failure(
                    Exit.USAGE,
                    "WRIT_URL is set and WRIT_CA is not. Set WRIT_CA to a PEM file with the"
                        + " authority of the broker's certificate (its bundle.pem)."));
    return new Place(url, url.getHost(), certificates(ca), file(TOKEN_FILE), Optional.empty());
  }

  /**
   * @param tokenIsForIt whether a token in the environment is meant for this broker
   */
  private Place byConfig(Config config, boolean tokenIsForIt) {
    Listen listen = config.listen();
    if (listen.port() == 0) {
      throw new Failure(
          Exit.USAGE,
          "listen.port is 0, so the configuration does not say where the broker listens."
              + "\nSet WRIT_URL to the URL that `writ serve` printed, WRIT_CA and WRIT_TOKEN_FILE.");
    }
    String host = WILDCARDS.contains(listen.host()) ? "localhost" : listen.host();
    URI url = URI.create("https://" + bracketed(host) + ":" + listen.port());
    List<X509Certificate> trusted = new ArrayList<>();
    Path bundle = config.data().resolve("bundle.pem");
    if (!Files.exists(bundle)) {
      throw new Failure(
          Exit.UNREACHABLE,
          "No broker has run with the data folder "
              + config.data()
              + " yet: it has no bundle.pem.\nStart one with `writ serve`, name another"
              + " configuration with --config, or set WRIT_URL, WRIT_CA and WRIT_TOKEN_FILE.");
    }
    trusted.addAll(certificates(bundle));
    listen.tls().ifPresent(tls -> trusted.addAll(certificates(tls.certificate())));
    // Where people log in, the operator token opens nothing.
    Optional<Path> operator =
        config.launchers().isEmpty()
            ? Optional.of(config.data().resolve("operator-token"))
            : Optional.empty();
    Optional<Path> token = tokenIsForIt ? file(TOKEN_FILE).or(() -> operator) : operator;
    return new Place(url, config.issuer().getHost(), trusted, token, Optional.of(config));
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text).parseServerAuthority();
      boolean plain =
          "https".equals(url.getScheme())
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && Set.of("", "/").contains(url.getRawPath());
      if (plain) {
        return URI.create("https://" + url.getRawAuthority());
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new Failure(
        Exit.USAGE,
        "WRIT_URL: expected an https URL such as https://writ.example:8443, got "
            + Quoted.of(text)
            + ".");
  }

  static List<X509Certificate> certificates(Path file) {
    try (var in = Files.newInputStream(file)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (IOException | CertificateException e) {
      // Told below.
    }
    throw new Failure(
        Exit.FAILED,
        "The file "
            + file
            + " cannot be read as certificates in PEM. Name the broker's bundle.pem.");
  }

  private Optional<Path> file(String variable) {
    return variable(variable).map(surroundings.directory()::resolve);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(surroundings.environment().get(name))
        .filter(value -> !value.isEmpty());
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
