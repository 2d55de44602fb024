package dev.writ.broker.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A small text file that nobody else may read.
 *
 * <p>A platform that hands secrets to a program keeps them root's own and lets the program read
 * them as its group or by an access control list, which looks like the group's right: Kubernetes
 * ({@code fsGroup}) and systemd ({@code LoadCredential}) do so.
 */
public final class SecretFile {
  private static final int ROOT = 0;

  private static final int MAX_BYTES = 64 * 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path path;

  public SecretFile(Path path) {
    this.path = path;
  }

  /**
   * Writes the file whole or not at all. Of two processes that try at once one wins and both read
   * the winner's: a hard link, unlike a rename, never replaces what is there.
   */
  void createIfAbsent(Supplier<String> content) {
    if (Files.exists(path)) {
      return;
    }
    Path temporary = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      try {
        write(temporary, content.get());
        Files.createLink(path, temporary);
      } catch (FileAlreadyExistsException won) {
        return;
      } finally {
        Files.deleteIfExists(temporary);
      }
      syncDirectory();
    } catch (IOException e) {
      throw new KeyException(
          "%s: cannot be created (%s); put it there, or let the broker write into its folder"
              .formatted(path, reason(e)),
          e);
    }
  }

  /** Puts other content in its place, whole or not at all. */
  void replace(String content) {
    Path temporary = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
    try {
      try {
        write(temporary, content);
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      syncDirectory();
    } catch (IOException e) {
      throw new KeyException(
          "%s: cannot be replaced (%s); put the new one there, or let the broker write into its folder"
              .formatted(path, reason(e)),
          e);
    }
  }

  /**
   * Reads it, after making sure that nobody else can.
   *
   * @throws KeyException if it cannot be read, or others could read it
   */
  public String read() {
    try {
      refuseReadableByOthers();
      if (Files.size(path) > MAX_BYTES) {
        throw new KeyException("%s: larger than %d bytes, no key".formatted(path, MAX_BYTES));
      }
      return Files.readString(path, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      throw new KeyException("%s: no such file; put the key there".formatted(path), e);
    } catch (IOException e) {
      throw new KeyException("%s: cannot be read: %s".formatted(path, e), e);
    }
  }

  private void refuseReadableByOthers() throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (!isPrivate(permissions, uid(path), uid(Path.of("/proc/self")))) {
      throw new KeyException(
          "%s: group or others have access (%s); only its owner may: chmod 600 %s"
              .formatted(path, PosixFilePermissions.toString(permissions), path));
    }
  }

  /**
   * Whether only the owner may use a file, or the owner is root and this program, another user, was
   * given leave to read it.
   */
  static boolean isPrivate(Set<PosixFilePermission> permissions, int owner, int self) {
    Set<PosixFilePermission> beyond = EnumSet.noneOf(PosixFilePermission.class);
    beyond.addAll(permissions);
    beyond.removeIf(permission -> permission.name().startsWith("OWNER_"));
    if (owner == ROOT && self != ROOT) {
      beyond.remove(PosixFilePermission.GROUP_READ);
    }
    return beyond.isEmpty();
  }

  private static int uid(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid");
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : e.getClass().getSimpleName();
  }

  private static void write(Path file, String content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Without it a power cut may leave the database naming a key whose file is gone. */
  private void syncDirectory() throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
