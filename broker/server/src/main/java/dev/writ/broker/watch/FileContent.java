package dev.writ.broker.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a file says at one moment. Equal contents are equal. */
public sealed interface FileContent {
  /** As much as any document of ours may have. */
  int BYTES_MAX = 8 << 20;

  /**
   * UTF-8 text.
   *
   * @param sha256 of the bytes, in hex
   */
  record Text(String text, String sha256) implements FileContent {}

  /** There is no such file. */
  record Missing() implements FileContent {}

  /** It is there, but cannot be read as text. */
  record Unreadable(String why) implements FileContent {}

  /** Reads a file as it is now. */
  static FileContent of(Path file) {
    try {
      if (Files.isDirectory(file)) {
        return new Unreadable("expected a file, this is a folder");
      }
      if (Files.size(file) > BYTES_MAX) {
        return new Unreadable("larger than " + BYTES_MAX + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Text(text, sha256(bytes));
    } catch (NoSuchFileException e) {
      return new Missing();
    } catch (CharacterCodingException e) {
      return new Unreadable("not UTF-8 text");
    } catch (IOException e) {
      return new Unreadable("cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
