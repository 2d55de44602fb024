package dev.writ.broker.api;

import dev.writ.broker.http.Call;
import dev.writ.document.Quoted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * A body of type {@code application/x-www-form-urlencoded} with one reading: UTF-8, sound percent
 * escapes, no parameter twice (RFC 6749 section 3.2).
 */
final class Form {
  static final String TYPE = "application/x-www-form-urlencoded";

  private Form() {}

  sealed interface Read {}

  /**
   * @param values by parameter; an empty value is one that was sent without any
   */
  record Parameters(Map<String, String> values) implements Read {}

  /**
   * @param text for the caller
   */
  record Malformed(String text) implements Read {}

  static Read read(Call call) {
    String type = call.header("content-type").orElse("");
    int parameter = type.indexOf(';');
    String bare = parameter < 0 ? type : type.substring(0, parameter);
    if (!bare.strip().toLowerCase(Locale.ROOT).equals(TYPE)) {
      return new Malformed("The request is not " + TYPE + ".");
    }
    try {
      return parameters(call.body());
    } catch (CharacterCodingException notText) {
      return new Malformed("The body is not UTF-8 text.");
    } catch (NumberFormatException notEscaped) {
      return new Malformed("The body has a percent sign that begins no escape (%41).");
    }
  }

  private static Read parameters(byte[] body) throws CharacterCodingException {
    Map<String, String> values = new HashMap<>();
    int from = 0;
    while (from < body.length) {
      int to = indexOf('&', body, from, body.length);
      if (to > from) {
        int nameEnd = indexOf('=', body, from, to);
        String name = decoded(body, from, nameEnd);
        String value = decoded(body, Math.min(nameEnd + 1, to), to);
        if (values.putIfAbsent(name, value) != null) {
          return new Malformed("The parameter " + Quoted.of(name) + " is repeated.");
        }
      }
      from = to + 1;
    }
    return new Parameters(values);
  }

  private static int indexOf(char wanted, byte[] body, int from, int to) {
    int at = from;
    while (at < to && body[at] != wanted) {
      at++;
    }
    return at;
  }

  private static String decoded(byte[] body, int from, int to) throws CharacterCodingException {
    byte[] plain = new byte[to - from];
    int length = 0;
    for (int at = from; at < to; at++) {
      byte next = body[at];
      if (next == '%') {
        next = escaped(body, at + 1, to);
        at += 2;
      } else if (next == '+') {
        next = ' ';
      }
      plain[length++] = next;
    }
    return text(plain, length);
  }

  /** Two hexadecimal digits, which must be there. */
  private static byte escaped(byte[] body, int from, int to) {
    if (to - from < 2) {
      throw new NumberFormatException("cut off");
    }
    return (byte)
        (HexFormat.fromHexDigit(body[from]) << 4 | HexFormat.fromHexDigit(body[from + 1]));
  }

  /** Strictly UTF-8: the replacement character stands for itself or for what cannot be decoded. */
  private static String text(byte[] plain, int length) throws CharacterCodingException {
    String text = new String(plain, 0, length, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0
        ? text
        : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain, 0, length)).toString();
  }
}
