package dev.writ.broker.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema up to date with Flyway. Several nodes may do so at once; Flyway takes a lock in
 * the database.
 *
 * <p>Flyway alone costs a third of a second at every start, so its history is read first: where
 * that names exactly these migrations with these checksums, or these and newer ones of a later
 * broker, nothing needs to be done.
 */
final class Migrations {
  private static final Pattern NAME = Pattern.compile("V(\\d+)__\\w+\\.sql");
  private static final String HISTORY =
      "select version, checksum from flyway_schema_history where success and version is not null";
  private static final String UNDEFINED_TABLE = "42P01";

  private final String location;

  private Migrations(String location) {
    this.location = location;
  }

  /** The migrations below a folder of the class path, such as {@code db/migration}. */
  static Migrations at(String location) {
    return new Migrations(location);
  }

  /**
   * @throws DatabaseSetupException if a migration fails, or if one that was applied has been
   *     changed since
   */
  void bringUpToDate(Connection connection, DatabaseSettings settings) throws SQLException {
    if (isUpToDate(connection)) {
      return;
    }
    try {
      Flyway.configure()
          .dataSource(DataSources.of(settings, DataSources.PATIENT))
          .locations("classpath:" + location)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseSetupException(
          "The schema in "
              + settings.address()
              + " could not be brought up to date: "
              + e.getMessage(),
          e);
    }
  }

  boolean isUpToDate(Connection connection) throws SQLException {
    try {
      Map<String, Integer> applied = new TreeMap<>();
      new Session(connection)
          .list(HISTORY, row -> applied.put(row.string("version"), row.integer("checksum")));
      return applied.entrySet().containsAll(available().entrySet());
    } catch (SQLException e) {
      if (SqlErrors.state(e).equals(UNDEFINED_TABLE)) {
        return false;
      }
      throw e;
    }
  }

  /** Version to checksum of every migration in this program. */
  private Map<String, Integer> available() {
    Map<String, Integer> checksums = new TreeMap<>();
    try {
      for (String name : names()) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
          throw new IllegalStateException(
              "The migration " + name + " is not called like V7__words.sql.");
        }
        checksums.put(matcher.group(1), checksum(location + "/" + name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The migrations in " + location + " cannot be read.", e);
    }
    return checksums;
  }

  private Iterable<String> names() throws IOException {
    URL folder = Migrations.class.getClassLoader().getResource(location);
    if (folder == null) {
      throw new IllegalStateException("There are no migrations in " + location + ".");
    }
    if (folder.openConnection() instanceof JarURLConnection jar) {
      return namesIn(jar);
    }
    try (Stream<Path> files = Files.list(Path.of(uri(folder)))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private Iterable<String> namesIn(JarURLConnection jar) throws IOException {
    String prefix = location + "/";
    return jar.getJarFile().stream()
        .map(entry -> entry.getName())
        .filter(name -> name.startsWith(prefix) && !name.endsWith("/"))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  /**
   * Flyway's own checksum: the CRC-32 of the lines without their ends. A difference only costs a
   * call of Flyway.
   */
  private static int checksum(String resource) throws IOException {
    CRC32 crc = new CRC32();
    InputStream stream = Migrations.class.getClassLoader().getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalStateException("The migration " + resource + " vanished.");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      lines.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    }
    return (int) crc.getValue();
  }

  private static URI uri(URL url) {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
