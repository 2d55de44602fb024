package dev.writ.broker.trust;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Under which names clients reach a broker: DNS names and addresses. */
public record ServerNames(List<String> dns, List<InetAddress> addresses) {

  private static final int MAX_NAMES = 32;
  private static final Pattern DNS =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

  public ServerNames {
    dns = List.copyOf(dns);
    addresses = List.copyOf(addresses);
  }

  /**
   * Sorts hosts, as they stand in URLs or in {@code listen.host}, into names and addresses; nothing
   * is looked up. The addresses 0.0.0.0 and :: stand for every address and name nobody: dropped.
   *
   * @throws IllegalArgumentException if one is neither, or there are too many
   */
  public static ServerNames of(Collection<String> hosts) {
    if (hosts.size() > MAX_NAMES) {
      throw new IllegalArgumentException("More than " + MAX_NAMES + " names of one server");
    }
    Set<String> names = new LinkedHashSet<>();
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (String host : hosts) {
      String plain =
          host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
      if (isLiteral(plain)) {
        InetAddress address = InetAddress.ofLiteral(plain);
        if (!address.isAnyLocalAddress()) {
          addresses.add(address);
        }
      } else if (DNS.matcher(plain.toLowerCase(Locale.ROOT)).matches()) {
        names.add(plain.toLowerCase(Locale.ROOT));
      } else {
        throw new IllegalArgumentException(
            "\"%s\" is neither a DNS name nor an IP address".formatted(host));
      }
    }
    return new ServerNames(List.copyOf(names), List.copyOf(addresses));
  }

  private static boolean isLiteral(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
