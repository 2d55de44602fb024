package dev.writ.broker.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;

/** Compares the URL that a proof names with the one that is ours. */
final class HttpUri {

  private static final int MAX_CHARS = 2_048;

  private HttpUri() {}

  /**
   * RFC 9449 section 4.3: query and fragment are ignored; scheme, host and default port are
   * compared as RFC 3986 section 6.2.2 and 6.2.3 say, the path to the letter.
   */
  static boolean isSame(String ours, String theirs) {
    if (ours.equals(theirs)) {
      return true;
    }
    if (theirs.length() > MAX_CHARS) {
      return false;
    }
    try {
      URI expected = new URI(ours);
      URI actual = new URI(theirs);
      return actual.getRawUserInfo() == null
          && actual.getHost() != null
          && lower(expected.getScheme()).equals(lower(actual.getScheme()))
          && lower(expected.getHost()).equals(lower(actual.getHost()))
          && port(expected) == port(actual)
          && path(expected).equals(path(actual));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String lower(String text) {
    return Objects.requireNonNullElse(text, "").toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return lower(uri.getScheme()).equals("https") ? 443 : 80;
  }

  private static String path(URI uri) {
    String path = Objects.requireNonNullElse(uri.getRawPath(), "");
    return path.isEmpty() ? "/" : path;
  }
}
