package dev.writ.broker.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a database is and who the broker is there.
 *
 * @param hosts one or several; with several the one that accepts writes is used
 * @param parameters of the connection: {@code sslmode}, {@code sslrootcert}, {@code sslcert},
 *     {@code sslkey} as libpq has them
 */
public record DatabaseSettings(
    List<HostPort> hosts,
    String database,
    String user,
    Optional<Password> password,
    Map<String, String> parameters) {

  private static final int DEFAULT_PORT = 5432;
  private static final int HOSTS_MAX = 16;
  private static final String DEFAULT_USER = "writ";
  private static final String FORM = "postgresql://host[:port][,host[:port]…]/database[?sslmode=…]";
  private static final Set<String> PARAMETERS =
      Set.of("sslmode", "sslrootcert", "sslcert", "sslkey");

  /** One server's address. */
  public record HostPort(String host, int port) {
    boolean isLoopback() {
      return host.equals("localhost")
          || host.equals("[::1]")
          || host.matches("127(\\.\\d{1,3}){3}");
    }
  }

  public DatabaseSettings {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads a URL in libpq's form. {@code user} and {@code password} win over those in the URL; the
   * user is {@code writ} when neither names one. A server that is not on loopback is spoken to with
   * {@code sslmode=verify-full} unless the URL says otherwise.
   *
   * @throws IllegalArgumentException with a message for the person who wrote the URL; it never
   *     repeats a password
   */
  public static DatabaseSettings parse(
      String url, Optional<String> user, Optional<Password> password) {
    String rest = withoutScheme(url);
    String query = rest.contains("?") ? rest.substring(rest.indexOf('?') + 1) : "";
    String path = rest.contains("?") ? rest.substring(0, rest.indexOf('?')) : rest;
    int slash = path.indexOf('/');
    if (slash < 0 || slash == path.length() - 1) {
      throw new IllegalArgumentException("names no database; the form is " + FORM);
    }
    String authority = path.substring(0, slash);
    int at = authority.lastIndexOf('@');
    String[] login = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
    List<HostPort> hosts = hosts(authority.substring(at + 1));
    return new DatabaseSettings(
        hosts,
        decoded(path.substring(slash + 1)),
        user.or(() -> part(login, 0)).orElse(DEFAULT_USER),
        password.or(() -> part(login, 1).map(Password::of)),
        parameters(query, hosts));
  }

  /** The same with another password. */
  public DatabaseSettings withPassword(Password other) {
    return new DatabaseSettings(hosts, database, user, Optional.of(other), parameters);
  }

  /** The address without user and password, for messages. */
  public String address() {
    List<String> names = hosts.stream().map(host -> host.host() + ":" + host.port()).toList();
    return "postgresql://" + String.join(",", names) + "/" + database;
  }

  private static String withoutScheme(String url) {
    for (String scheme : List.of("postgresql://", "postgres://")) {
      if (url.startsWith(scheme)) {
        return url.substring(scheme.length());
      }
    }
    throw new IllegalArgumentException("is not a PostgreSQL URL; the form is " + FORM);
  }

  private static List<HostPort> hosts(String authority) {
    List<HostPort> hosts = new ArrayList<>();
    for (String host : authority.split(",", -1)) {
      hosts.add(host(host));
    }
    if (hosts.size() > HOSTS_MAX) {
      throw new IllegalArgumentException("names more than " + HOSTS_MAX + " hosts");
    }
    return hosts;
  }

  private static HostPort host(String text) {
    try {
      URI uri = new URI("postgresql://" + text).parseServerAuthority();
      if (uri.getHost() == null
          || !uri.getPath().isEmpty()
          || uri.getPort() == 0
          || uri.getPort() > 65535) {
        throw new IllegalArgumentException("has no usable host and port; the form is " + FORM);
      }
      return new HostPort(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("has no usable host and port; the form is " + FORM, e);
    }
  }

  private static Map<String, String> parameters(String query, List<HostPort> hosts) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!hosts.stream().allMatch(HostPort::isLoopback)) {
      parameters.put("sslmode", "verify-full");
    }
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String name = pair.split("=", 2)[0];
      if (!PARAMETERS.contains(name) || !pair.contains("=")) {
        throw new IllegalArgumentException(
            "has the parameter \""
                + name
                + "\"; known are "
                + String.join(", ", PARAMETERS.stream().sorted().toList()));
      }
      parameters.put(name, decoded(pair.split("=", 2)[1]));
    }
    return parameters;
  }

  private static Optional<String> part(String[] login, int index) {
    return index < login.length && !login[index].isEmpty()
        ? Optional.of(decoded(login[index]))
        : Optional.empty();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
