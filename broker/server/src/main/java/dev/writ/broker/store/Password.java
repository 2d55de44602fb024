package dev.writ.broker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A database password. It shows itself to {@link #reveal} only, never in text, logs or errors. */
public final class Password {
  /** PostgreSQL's own limit is far higher; a longer file is surely not a password. */
  private static final int LENGTH_MAX = 1024;

  private final String value;

  private Password(String value) {
    this.value = value;
  }

  /** Wraps a password that is already in memory. */
  public static Password of(String value) {
    return new Password(value);
  }

  /**
   * Reads a password from a file, without the line end that editors leave.
   *
   * @throws DatabaseSetupException if the file cannot be read, is empty, or holds more than one
   *     line
   */
  public static Password fromFile(Path file) {
    try {
      if (Files.size(file) > LENGTH_MAX) {
        throw new DatabaseSetupException(
            "The database password file "
                + file
                + " is longer than "
                + LENGTH_MAX
                + " bytes; it must hold the password alone.");
      }
      String value = Files.readString(file).stripTrailing();
      if (value.isEmpty() || value.contains("\n")) {
        throw new DatabaseSetupException(
            "The database password file " + file + " must hold exactly one line, the password.");
      }
      return new Password(value);
    } catch (IOException e) {
      throw new DatabaseSetupException(
          "The database password file " + file + " cannot be read (" + e.getMessage() + ").", e);
    }
  }

  /** The password itself, for the driver alone. */
  String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
