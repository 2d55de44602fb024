package dev.writ.broker.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The key to an embedded broker: a file that only its own user can read. It is never printed, and
 * good only from the same machine and while no launcher is configured.
 */
public final class OperatorToken {
  private static final String PREFIX = "writ_operator_";

  private final byte[] token;

  private OperatorToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the file, or makes it with a fresh token and mode 0600. */
  public static OperatorToken at(Path file) throws IOException {
    if (Files.notExists(file)) {
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
    }
    String token = Files.readString(file).strip();
    if (token.length() < PREFIX.length() + 43) {
      throw new IOException(
          file + " holds no operator token. Remove it; a new one is made at the next start.");
    }
    return new OperatorToken(token);
  }

  /** Compares in constant time. */
  public boolean matches(String presented) {
    return MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "OperatorToken[secret]";
  }
}
