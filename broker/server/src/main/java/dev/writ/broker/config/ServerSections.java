package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.document.Value;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The sections about the broker itself: its name, where it listens, its database, keys and limits.
 */
final class ServerSections {
  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final int DEFAULT_PORT = 8443;
  private static final int DEFAULT_MANAGEMENT_PORT = 9000;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration AGE_MAX = Duration.ofDays(3_650);
  private static final List<String> ROTATED =
      List.of("token", "sts", "root", "envelope", "checkpoint", "operator-token");
  private static final int AGENTS_MAX = 1_000_000;
  private static final int AGENTS_DEFAULT = 10_000;

  private ServerSections() {}

  static Optional<URI> issuer(Section root) {
    return root.text(
        "issuer", (value, base) -> Shapes.https(value).filter(issuer -> isBase(value, issuer)));
  }

  /**
   * Every document of the broker lies at fixed paths below its root, so an issuer with a path could
   * not be discovered.
   */
  private static boolean isBase(Value value, URI issuer) {
    if (!issuer.getRawPath().isEmpty()) {
      value.problem(
          "expected the public base URL without a path or a final /, such as https://"
              + issuer.getAuthority());
    }
    return issuer.getRawPath().isEmpty();
  }

  static Optional<TrustDomain> trustDomain(Section root, URI issuer) {
    if (root.has("trust-domain")) {
      return root.text(
          "trust-domain",
          (value, base) ->
              value.string(Shapes.NAME_LENGTH_MAX).flatMap(name -> sound(value, name)));
    }
    String host = issuer.getHost().toLowerCase(Locale.ROOT);
    Optional<String> problem = TrustDomain.problem(host);
    problem.ifPresent(message ->
        root.problem(
            "issuer", "its host is the default trust-domain, and cannot be one: " + message));
    return problem.isPresent() ? Optional.empty() : Optional.of(new TrustDomain(host));
  }

  private static Optional<TrustDomain> sound(Value value, String name) {
    Optional<String> problem = TrustDomain.problem(name);
    problem.ifPresent(value::problem);
    return problem.isPresent() ? Optional.empty() : Optional.of(new TrustDomain(name));
  }

  static Listen listen(Section root) {
    Section listen =
        root.section("listen", "host", "port", "management-host", "management-port", "tls");
    int port = port(listen, "port", DEFAULT_PORT);
    int managementPort = port(listen, "management-port", DEFAULT_MANAGEMENT_PORT);
    if (port != 0 && port == managementPort) {
      listen.problem(
          listen.has("management-port") ? "management-port" : "port",
          "port and management-port must differ, both are " + port);
    }
    return new Listen(
        host(listen, "host"), port, host(listen, "management-host"), managementPort, tls(listen));
  }

  private static String host(Section listen, String key) {
    return listen
        .text(key, (value, base) -> value.parsed("a host name or IP address", ServerSections::host))
        .orElse(DEFAULT_HOST);
  }

  private static Optional<String> host(String text) {
    return Optional.of(text).filter(host -> host.matches("[A-Za-z0-9.:-]{1,253}"));
  }

  private static int port(Section listen, String key, int byDefault) {
    return listen
        .yaml(key, (value, base) -> value.integer(0, 65_535))
        .map(Math::toIntExact)
        .orElse(byDefault);
  }

  private static Optional<Listen.Tls> tls(Section listen) {
    Section tls = listen.section("tls", "certificate", "key");
    Optional<Path> certificate = tls.text("certificate", Shapes::path);
    Optional<KeyRef> key = tls.text("key", ServerSections::keyOrPath);
    if (tls.has("certificate") != tls.has("key")) {
      tls.problem(
          tls.has("key") ? "key" : "certificate", "tls needs both a certificate and its key");
    }
    return certificate.flatMap(path -> key.map(ref -> new Listen.Tls(path, ref)));
  }

  /** Everybody knows a server's key as a file, so a bare path will do here. */
  private static Optional<KeyRef> keyOrPath(Value value, Path base) {
    return value
        .string(Shapes.PATH_LENGTH_MAX)
        .flatMap(text ->
            text.matches("[a-z0-9]+:.+")
                ? Shapes.key(value, base)
                : Optional.of(KeyRef.parse("file:" + text, base)));
  }

  static Optional<ExternalDatabase> database(Section root) {
    Section database = root.section("database", "url", "user", "password");
    Optional<String> user =
        database.text("user", (value, base) -> value.string(Shapes.NAME_LENGTH_MAX));
    Optional<Path> password = database.text("password", Shapes::secretFile);
    if (database.isPresent() && !database.has("url")) {
      database.problem(
          database.has("user") ? "user" : "password",
          "without database.url this means nothing: add it");
    }
    return database
        .text(
            "url",
            (value, base) ->
                value.string(Shapes.URL_LENGTH_MAX).flatMap(url -> address(value, url, user)))
        .map(address -> new ExternalDatabase(address, password));
  }

  private static Optional<DatabaseSettings> address(
      Value value, String url, Optional<String> user) {
    try {
      return Optional.of(DatabaseSettings.parse(url, user, Optional.empty()));
    } catch (IllegalArgumentException e) {
      value.problem("the URL " + e.getMessage());
      return Optional.empty();
    }
  }

  static Keys keys(Section root, Path data) {
    Section keys =
        root.section("keys", "root", "envelope", "checkpoint", "publish-ahead", "rotate");
    Path folder = data.resolve("keys");
    return new Keys(
        keys.yaml("root", Shapes::keys)
            .orElseGet(() -> List.of(KeyRef.defaultFile(folder.resolve("root.pem")))),
        keys.text("envelope", Shapes::key)
            .orElseGet(() -> KeyRef.defaultFile(folder.resolve("envelope.key"))),
        keys.yaml("checkpoint", Shapes::keys)
            .orElseGet(() -> List.of(KeyRef.defaultFile(folder.resolve("checkpoint.pem")))),
        duration(keys, "publish-ahead", SECOND, Duration.ofDays(90), DAY),
        rotation(keys));
  }

  private static Map<String, Duration> rotation(Section keys) {
    Section rotate = keys.section("rotate", ROTATED.toArray(String[]::new));
    Map<String, Duration> ages = new HashMap<>(Map.of("token", MONTH, "sts", MONTH));
    for (String slot : ROTATED) {
      rotate
          .text(slot, (value, base) -> value.duration(SECOND, AGE_MAX))
          .ifPresent(age -> ages.put(slot, age));
    }
    return ages;
  }

  static Limits limits(Section root) {
    Section limits =
        root.section(
            "limits",
            "agent-lifetime",
            "svid-lifetime",
            "credential-lifetime",
            "agents-per-launcher",
            "policy-max-age");
    return new Limits(
        duration(limits, "agent-lifetime", SECOND, Duration.ofDays(365), DAY),
        duration(limits, "svid-lifetime", SECOND, DAY, HOUR),
        duration(limits, "credential-lifetime", SECOND, Duration.ofHours(12), HOUR),
        limits
            .yaml("agents-per-launcher", (value, base) -> value.integer(1, AGENTS_MAX))
            .map(Math::toIntExact)
            .orElse(AGENTS_DEFAULT),
        duration(limits, "policy-max-age", SECOND, Duration.ofDays(30), DAY));
  }

  private static Duration duration(
      Section section, String key, Duration min, Duration max, Duration byDefault) {
    return section.text(key, (value, base) -> value.duration(min, max)).orElse(byDefault);
  }
}
