package dev.writ.broker.keys;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a long-lived key is, as configuration says it: {@code file:root.pem}, {@code
 * vault:transit/writ-root}, {@code pkcs11:token=writ;object=root}.
 *
 * @param scheme which {@link KeyProvider} knows it, lower-case
 * @param location everything after the first colon, read by that provider alone
 * @param base directory that relative paths are relative to
 * @param createWhenAbsent whether the provider may make the key: only for the broker's own defaults
 */
public record KeyRef(String scheme, String location, Path base, boolean createWhenAbsent) {

  private static final int MAX_LENGTH = 2_048;
  private static final Pattern URI = Pattern.compile("([a-z][a-z0-9+.-]*):(\\P{Cntrl}+)");

  /**
   * Reads a configured value.
   *
   * @throws KeyException if it is not a URI of the form {@code scheme:location}
   */
  public static KeyRef parse(String text, Path base) {
    Matcher uri = URI.matcher(text);
    if (text.length() > MAX_LENGTH || !uri.matches()) {
      throw new KeyException(
          "A key is named by a URI such as file:root.pem (vault: and pkcs11: likewise), at most "
              + MAX_LENGTH
              + " characters without control characters; a bare path lacks its file:");
    }
    return new KeyRef(uri.group(1), uri.group(2), base, false);
  }

  /** The broker's own default: a file that is made when it is absent. */
  public static KeyRef defaultFile(Path file) {
    Path absolute = file.toAbsolutePath();
    return new KeyRef("file", absolute.toString(), absolute, true);
  }

  @Override
  public String toString() {
    return scheme + ":" + location;
  }
}
