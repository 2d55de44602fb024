package dev.writ.broker.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where a login to one broker is kept: a file that only its owner may read, under {@code
 * XDG_STATE_HOME}. One per broker, so that no broker is shown a token that was got for another.
 */
final class LoginFile {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;

  private LoginFile(Path file) {
    this.file = file;
  }

  static LoginFile of(Surroundings surroundings, URI broker) {
    String name = broker.getRawAuthority().replaceAll("[^A-Za-z0-9.-]", "_");
    return new LoginFile(folder(surroundings).resolve("login-" + name + ".json"));
  }

  /** XDG Base Directory Specification: a relative path in the variable is ignored. */
  private static Path folder(Surroundings surroundings) {
    Map<String, String> environment = surroundings.environment();
    Optional<Path> state =
        Optional.ofNullable(environment.get("XDG_STATE_HOME"))
            .map(Path::of)
            .filter(Path::isAbsolute);
    Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
    return state.orElseGet(() -> home.resolve(".local").resolve("state")).resolve("writ");
  }

  Optional<Login> read() {
    try {
      return Login.of(Files.readString(file));
    } catch (NoSuchFileException nobody) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new Failure(
          Exit.NOT_LOGGED_IN,
          "The login in " + file + " cannot be read. Remove the file and run `writ login`.");
    }
  }

  /** Nobody reads half of it, and nobody else reads it at all. */
  void write(Login login) {
    try {
      Files.createDirectories(file.getParent(), PRIVATE_FOLDER);
      Path fresh = Files.createTempFile(file.getParent(), "login-", ".new", PRIVATE);
      Files.writeString(fresh, login.text());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED,
          "The login cannot be kept in " + file + ". Set XDG_STATE_HOME to a folder of your own.");
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "The file " + file + " cannot be removed. Remove it.");
    }
  }

  /** One command at a time: a refresh token may be good for one use only. */
  <T> T locked(Supplier<T> work) {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(
                lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE);
        FileLock _ = channel.lock()) {
      return work.get();
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "The file " + lock + " cannot be locked.");
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
