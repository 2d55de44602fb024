package dev.writ.broker.access;

import dev.writ.broker.keys.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * The key to an embedded broker: a file that only its own user can read. It is never printed, and
 * good only from the same machine and while no launcher is configured.
 */
public final class OperatorToken {
  private static final String PREFIX = "writ_operator_";

  private final Path file;
  private volatile byte[] token;
  private volatile Former former = new Former(new byte[0], Instant.MIN);

  /** The one before, for whoever has just read it. */
  private record Former(byte[] token, Instant until) {}

  private OperatorToken(Path file, String token) {
    this.file = file;
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  private static String write(Path file) throws IOException {
    byte[] bits = new byte[32];
    new SecureRandom().nextBytes(bits);
    String fresh = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(unfinished, fresh + "\n");
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return fresh;
  }

  /** Reads the file, or makes it with a fresh token and mode 0600. */
  public static OperatorToken at(Path file) throws IOException {
    if (Files.notExists(file)) {
      write(file);
    }
    String token = Files.readString(file).strip();
    if (token.length() < PREFIX.length() + 43) {
      throw new IOException(
          file + " holds no operator token. Remove it; a new one is made at the next start.");
    }
    return new OperatorToken(file, token);
  }

  /** Compares in constant time. */
  public boolean matches(String presented) {
    byte[] bytes = presented.getBytes(StandardCharsets.UTF_8);
    Former last = former;
    boolean before = MessageDigest.isEqual(last.token, bytes);
    return MessageDigest.isEqual(token, bytes)
        || (before && bytes.length > 0 && Instant.now().isBefore(last.until));
  }

  /**
   * Puts a fresh token into the file.
   *
   * @param overlap how long the one before is good yet
   * @throws IOException if the file cannot be written; then the present one stays
   */
  public synchronized void replace(Duration overlap) throws IOException {
    byte[] before = token;
    token = write(file).getBytes(StandardCharsets.UTF_8);
    former = new Former(before, Instant.now().plus(overlap));
  }

  /** Until when the one before is good; in the past if it is not. */
  public Instant formerUntil() {
    return former.until;
  }

  /** Ends the one before at once. */
  public synchronized void endFormer() {
    former = new Former(new byte[0], Instant.MIN);
  }

  /** When the present one was made. */
  public Instant since() {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH;
    }
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /** Names the present one without telling anything of it. */
  public String id() {
    return Digests.sha256Hex(token).substring(0, 16);
  }

  @Override
  public String toString() {
    return "OperatorToken[secret]";
  }
}
