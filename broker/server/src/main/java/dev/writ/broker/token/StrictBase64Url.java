package dev.writ.broker.token;

import dev.writ.broker.keys.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Base64url with one spelling per value (RFC 7515 section 2, RFC 4648 section 3.5): no padding, no
 * other characters, no non-zero bits after the end. The JDK's decoder reads {@code YQ} and {@code
 * YR} alike.
 */
final class StrictBase64Url {

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int value = 0; value < alphabet.length(); value++) {
      VALUES[alphabet.charAt(value)] = (byte) value;
    }
  }

  private StrictBase64Url() {}

  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  /** Unpadded base64url of the SHA-256 of a text's ASCII bytes. */
  static String sha256(String ascii) {
    return Digests.sha256Base64Url(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  static Optional<byte[]> decode(String text) {
    if (!isCanonical(text)) {
      return Optional.empty();
    }
    return Optional.of(DECODER.decode(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static boolean isCanonical(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (value(text.charAt(i)) < 0) {
        return false;
      }
    }
    return switch (text.length() % 4) {
      case 0 -> true;
      case 2 -> (value(text.charAt(text.length() - 1)) & 0b1111) == 0;
      case 3 -> (value(text.charAt(text.length() - 1)) & 0b11) == 0;
      default -> false;
    };
  }

  private static int value(char c) {
    return c < VALUES.length ? VALUES[c] : -1;
  }
}
