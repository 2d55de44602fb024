package dev.writ.broker.api;

import dev.writ.broker.http.Call;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads an {@code application/x-www-form-urlencoded} body. A parameter that cannot be read refuses
 * the whole: left out, it could mean more than what was asked for.
 */
final class FormBody {
  static final String TYPE = "application/x-www-form-urlencoded";

  private static final char REPLACEMENT = '\uFFFD';

  private FormBody() {}

  /** What the body is found to be. */
  sealed interface Read {}

  /**
   * @param parameters every value of every parameter, in the order of their first appearance
   */
  record Parameters(Map<String, List<String>> parameters) implements Read {}

  /**
   * @param text what was wrong, for the client
   */
  record Unreadable(String text) implements Read {}

  static Read read(Call call) {
    String type = call.header("content-type").orElse("").split(";", 2)[0].strip();
    if (!type.toLowerCase(Locale.ROOT).equals(TYPE)) {
      return new Unreadable("The request is not " + TYPE + ".");
    }
    try {
      return parameters(call.body());
    } catch (IllegalArgumentException broken) {
      return new Unreadable("A parameter is not percent-encoded UTF-8.");
    }
  }

  private static Read parameters(byte[] body) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (int from = 0; from < body.length; ) {
      int to = indexOf('&', body, from, body.length);
      if (to > from) {
        int nameEnd = indexOf('=', body, from, to);
        String name = decode(body, from, nameEnd);
        String value = decode(body, Math.min(nameEnd + 1, to), to);
        parameters.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
      }
      from = to + 1;
    }
    return new Parameters(parameters);
  }

  /** {@code to} if it is not there. */
  private static int indexOf(char wanted, byte[] body, int from, int to) {
    int at = from;
    while (at < to && body[at] != wanted) {
      at++;
    }
    return at;
  }

  /** In one pass over the bytes: most of a form is a token, in which there is nothing to decode. */
  private static String decode(byte[] body, int from, int to) {
    byte[] decoded = new byte[to - from];
    int length = 0;
    for (int at = from; at < to; at++) {
      byte next = body[at];
      if (next == '%') {
        next = escaped(body, at + 1, to);
        at += 2;
      } else if (next == '+') {
        next = ' ';
      }
      decoded[length++] = next;
    }
    return text(decoded, length);
  }

  private static byte escaped(byte[] body, int from, int to) {
    if (to - from < 2) {
      throw new IllegalArgumentException("an escape is cut off");
    }
    return (byte)
        (HexFormat.fromHexDigit(body[from]) << 4 | HexFormat.fromHexDigit(body[from + 1]));
  }

  /** The JDK decodes broken UTF-8 to a character that no parameter can hold. */
  private static String text(byte[] utf8, int length) {
    String text = new String(utf8, 0, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      throw new IllegalArgumentException("not UTF-8");
    }
    return text;
  }
}
