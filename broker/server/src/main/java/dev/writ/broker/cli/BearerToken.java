package dev.writ.broker.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the caller is known to the broker by. It never shows itself. */
final class BearerToken {
  /** More would not fit the broker's 16 KiB of headers. */
  private static final int LENGTH_MAX = 15 * 1024;

  /** RFC 6750 section 2.1. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final String value;

  private BearerToken(String value) {
    this.value = value;
  }

  /** Reads a file that holds a token alone. */
  static BearerToken read(Path file) {
    try {
      String value = Files.size(file) > LENGTH_MAX ? "" : Files.readString(file).strip();
      if (!FORM.matcher(value).matches()) {
        throw notLoggedIn("The file " + file + " does not hold an access token, and nothing else.");
      }
      return new BearerToken(value);
    } catch (NoSuchFileException e) {
      throw notLoggedIn("There is no token in " + file + ".");
    } catch (AccessDeniedException e) {
      throw notLoggedIn("You may not read " + file + ".");
    } catch (IOException e) {
      throw notLoggedIn("The file " + file + " cannot be read as a token.");
    }
  }

  /** A token that a login gave. */
  static BearerToken of(String value) {
    if (value.length() > LENGTH_MAX || !FORM.matcher(value).matches()) {
      throw new Failure(
          Exit.NOT_LOGGED_IN, "The login holds no access token. Run `writ login` again.");
    }
    return new BearerToken(value);
  }

  private static Failure notLoggedIn(String what) {
    return new Failure(
        Exit.NOT_LOGGED_IN,
        what
            + "\nRun `writ login`, name a file with your access token in WRIT_TOKEN_FILE, or be who runs the broker:"
            + " its operator-token is made when it starts.");
  }

  /** The value of an {@code Authorization} header. */
  String header() {
    return "Bearer " + value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
