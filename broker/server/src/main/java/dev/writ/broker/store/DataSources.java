package dev.writ.broker.store;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Makes the driver's data sources. Nothing of a connection is left to the driver's defaults that
 * safety depends on.
 */
final class DataSources {
  /** The longest silence of one read for work that has no limit of its own. */
  static final Duration PATIENT = Duration.ofMinutes(10);

  /** The same while a connection is made, where a mute server must not be waited for. */
  static final Duration IMPATIENT = Duration.ofSeconds(2);

  /**
   * How long the first connection may take, when this JVM and perhaps the machine are still cold.
   */
  static final Duration FIRST = Duration.ofSeconds(5);

  private static final int CONNECT_SECONDS = 1;

  private DataSources() {}

  /**
   * @param readLimit how long one read may wait for the server, at least a second
   */
  static PGSimpleDataSource of(DatabaseSettings settings, Duration readLimit) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(
        settings.hosts().stream().map(DatabaseSettings.HostPort::host).toArray(String[]::new));
    source.setPortNumbers(
        settings.hosts().stream().mapToInt(DatabaseSettings.HostPort::port).toArray());
    source.setDatabaseName(settings.database());
    source.setUser(settings.user());
    settings.password().ifPresent(password -> source.setPassword(password.reveal()));
    source.setApplicationName("writ");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(Math.toIntExact(readLimit.toSeconds()));
    Duration login = readLimit.compareTo(FIRST) < 0 ? readLimit : FIRST;
    source.setLoginTimeout(Math.toIntExact(login.toSeconds()));
    source.setTcpKeepAlive(true);
    source.setProperty(PGProperty.TARGET_SERVER_TYPE, "primary");
    source.setProperty(PGProperty.GSS_ENC_MODE, "disable");
    // The error's detail quotes rows, and rows hold hashes and sealed keys: keep them out of
    // messages and logs.
    source.setProperty(PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
    // Whoever takes the port while the database is down must not be told the password.
    source.setProperty(PGProperty.REQUIRE_AUTH, "!password,!md5");
    for (Map.Entry<String, String> parameter : settings.parameters().entrySet()) {
      source.setProperty(property(parameter.getKey()), parameter.getValue());
    }
    return source;
  }

  private static PGProperty property(String libpqName) {
    return switch (libpqName.toLowerCase(Locale.ROOT)) {
      case "sslmode" -> PGProperty.SSL_MODE;
      case "sslrootcert" -> PGProperty.SSL_ROOT_CERT;
      case "sslcert" -> PGProperty.SSL_CERT;
      case "sslkey" -> PGProperty.SSL_KEY;
      default -> throw new IllegalArgumentException("Unknown connection parameter " + libpqName);
    };
  }
}
