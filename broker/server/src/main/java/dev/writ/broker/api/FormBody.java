package dev.writ.broker.api;

import dev.writ.broker.http.Call;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    String body;
    try {
      body = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(call.body())).toString();
    } catch (CharacterCodingException notText) {
      return new Unreadable("The body is not UTF-8 text.");
    }
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : body.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        try {
          String value = decode(parts.length == 2 ? parts[1] : "");
          parameters.computeIfAbsent(decode(parts[0]), name -> new ArrayList<>(1)).add(value);
        } catch (IllegalArgumentException broken) {
          return new Unreadable("A parameter is not percent-encoded UTF-8.");
        }
      }
    }
    return new Parameters(parameters);
  }

  /** The JDK decodes broken UTF-8 to a character that no parameter can hold. */
  private static String decode(String text) {
    String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
    if (decoded.indexOf(REPLACEMENT) >= 0) {
      throw new IllegalArgumentException("not UTF-8");
    }
    return decoded;
  }
}
