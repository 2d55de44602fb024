package dev.writ.broker.config;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import dev.writ.document.Value;
import dev.writ.policy.LaunchRule;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What single values of the configuration look like. Each notes what is wrong and says what is
 * expected.
 */
final class Shapes {
  static final int URL_LENGTH_MAX = 2048;
  static final int PATH_LENGTH_MAX = 4096;
  static final int NAME_LENGTH_MAX = 255;
  private static final int KEYS_MAX = 4;
  private static final List<String> KEY_SCHEMES = List.of("file", "vault", "pkcs11");

  private Shapes() {}

  static Optional<Path> path(Value value, Path base) {
    return value.string(PATH_LENGTH_MAX).map(text -> base.resolve(text).normalize());
  }

  /** Whole seconds, so that expiries come out even. */
  static Optional<Duration> duration(Value value, Duration min, Duration max) {
    return value.duration(min, max);
  }

  /**
   * A key's place; what it repeats in problems is no secret, for the key itself cannot stand here.
   */
  static Optional<KeyRef> key(Value value, Path base) {
    return value.string(URL_LENGTH_MAX).flatMap(text -> key(value, text, base));
  }

  /** One place, or a list: a key and those that follow it. Empty if there is none. */
  static Optional<List<KeyRef>> keys(Value value, Path base) {
    if (value.isEmptyList()) {
      value.problem("expected at least one key");
    }
    List<KeyRef> keys =
        value.itemsOrOne(KEYS_MAX).stream().flatMap(item -> key(item, base).stream()).toList();
    return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
  }

  private static Optional<KeyRef> key(Value value, String text, Path base) {
    try {
      KeyRef key = KeyRef.parse(text, base);
      if (KEY_SCHEMES.contains(key.scheme())) {
        return Optional.of(key);
      }
      value.problem("expected a key named by file:, vault: or pkcs11:");
    } catch (KeyException e) {
      value.problem("expected a key named by file:, vault: or pkcs11:, such as file:root.pem");
    }
    return Optional.empty();
  }

  /**
   * The path behind {@code file:}. The text is not repeated: it may be the secret itself, put here
   * by mistake.
   */
  static Optional<Path> secretFile(Value value, Path base) {
    Optional<String> text = value.string(PATH_LENGTH_MAX);
    if (text.isPresent() && !text.get().matches("file:.+")) {
      value.problem(
          "expected file: and the path of a file that holds the secret, and nothing else");
      return Optional.empty();
    }
    return text.map(uri -> base.resolve(uri.substring("file:".length())).normalize());
  }

  /** A URL that others dial or compare: https, without user, query and fragment. */
  static Optional<URI> https(Value value) {
    return url(value, Set.of("https"), "an https URL without user, query and fragment");
  }

  /** The same, or http where the host is loopback and nobody can listen in. */
  static Optional<URI> httpsOrLoopback(Value value) {
    String expected = "an https URL (http only on loopback) without user, query and fragment";
    Optional<URI> url = url(value, Set.of("https", "http"), expected);
    if (url.isPresent()
        && url.get().getScheme().equals("http")
        && !isLoopback(url.get().getHost())) {
      value.problem("expected " + expected);
      return Optional.empty();
    }
    return url;
  }

  static Optional<URI> http(Value value) {
    return url(
        value,
        Set.of("http"),
        "an http URL without user, query and fragment, such as http://proxy:3128");
  }

  private static Optional<URI> url(Value value, Set<String> schemes, String expected) {
    return value.parsed(expected, text -> parse(text).filter(uri -> isPlain(uri, schemes)));
  }

  private static Optional<URI> parse(String text) {
    try {
      return Optional.of(new URI(text).parseServerAuthority());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(URI uri, Set<String> schemes) {
    return uri.getScheme() != null
        && schemes.contains(uri.getScheme())
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && uri.getPort() != 0
        && uri.getPort() <= 65_535;
  }

  static boolean isLoopback(String host) {
    try {
      return host.equals("localhost")
          || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Optional<LaunchRule.By> principal(Value value) {
    return value.parsed(
        "<launcher>/user:x, <launcher>/group:x or <launcher>/client:x",
        text ->
            LaunchRule.of(text)
                .flatMap(
                    rule -> rule instanceof LaunchRule.By by ? Optional.of(by) : Optional.empty()));
  }

  /** An audience as tokens carry it: visible ASCII (a StringOrURI, RFC 7519 section 2). */
  static Optional<String> audience(Value value) {
    return value.parsed(
        "an audience of 1 to 255 visible ASCII characters",
        text -> Optional.of(text).filter(audience -> audience.matches("[!-~]{1,255}")));
  }
}
