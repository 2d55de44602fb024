package dev.writ.broker.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.keys.P256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a compact JWS (RFC 7515 section 7.1) so that only one spelling of only the expected kind
 * gets through to the check of its signature. Everything that could lead elsewhere ({@code jku},
 * {@code x5u}, {@code x5c}, {@code crit}, {@code b64}, other algorithms, JWE) is refused by naming
 * what is allowed, nothing else.
 */
final class StrictJws {

  private static final int MAX_CHARS = 8 * 1024;
  private static final int SIGNATURE_CHARS = 86;

  /** The order of P-256: r and s are from 1 to this less one. */
  private static final byte[] ORDER =
      HexFormat.of().parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

  private static final byte[] ZERO = new byte[P256.FIELD_BYTES];

  /**
   * A kind of token, told by its header.
   *
   * @param fixed members that must have this value, in this spelling
   * @param free further members that must be there; there is no other
   */
  record Kind(Map<String, String> fixed, Set<String> free) {

    static Kind of(String typ, String free) {
      return new Kind(Map.of("alg", "ES256", "typ", typ), Set.of(free));
    }
  }

  sealed interface Result {}

  /**
   * Well-formed and of the kind; its signature is not checked yet.
   *
   * @param signature canonical base64url of 64 bytes, r and s in range
   */
  record Read(ObjectNode header, byte[] payload, byte[] signingInput, String signature)
      implements Result {}

  /**
   * @param reason what was wrong, without any of the input
   */
  record Malformed(String reason) implements Result {}

  private StrictJws() {}

  static Result read(String compact, Kind kind) {
    if (compact.length() > MAX_CHARS) {
      return new Malformed("longer than " + MAX_CHARS + " characters");
    }
    int first = compact.indexOf('.');
    int last = compact.lastIndexOf('.');
    if (first < 0 || first == last || compact.indexOf('.', first + 1) != last) {
      return new Malformed("not three parts separated by two dots");
    }
    String signature = compact.substring(last + 1);
    if (!isSignature(signature)) {
      return new Malformed("its signature is not canonical base64url of r and s within range");
    }
    Optional<byte[]> payload = StrictBase64Url.decode(compact.substring(first + 1, last));
    if (payload.isEmpty()) {
      return new Malformed("its payload is not canonical base64url");
    }
    Optional<ObjectNode> header =
        StrictBase64Url.decode(compact.substring(0, first)).flatMap(StrictJson::object);
    if (header.isEmpty()) {
      return new Malformed("its header is not canonical base64url of one strict JSON object");
    }
    Optional<String> problem = headerProblem(header.get(), kind);
    if (problem.isPresent()) {
      return new Malformed(problem.get());
    }
    byte[] signingInput = compact.substring(0, last).getBytes(StandardCharsets.ISO_8859_1);
    return new Read(header.get(), payload.get(), signingInput, signature);
  }

  private static Optional<String> headerProblem(ObjectNode header, Kind kind) {
    for (Map.Entry<String, String> member : kind.fixed().entrySet()) {
      if (!isText(header.path(member.getKey()), member.getValue())) {
        return Optional.of("its header's " + member.getKey() + " is not " + member.getValue());
      }
    }
    for (String member : kind.free()) {
      if (!header.has(member)) {
        return Optional.of("its header has no " + member);
      }
    }
    return header.size() == kind.fixed().size() + kind.free().size()
        ? Optional.empty()
        : Optional.of("its header has members that it must not have");
  }

  private static boolean isText(JsonNode node, String expected) {
    return node.isTextual() && node.textValue().equals(expected);
  }

  static boolean isSignature(String text) {
    if (text.length() != SIGNATURE_CHARS) {
      return false;
    }
    return StrictBase64Url.decode(text)
        .filter(bytes -> isInRange(bytes, 0) && isInRange(bytes, P256.FIELD_BYTES))
        .isPresent();
  }

  private static boolean isInRange(byte[] signature, int from) {
    int to = from + P256.FIELD_BYTES;
    return !Arrays.equals(signature, from, to, ZERO, 0, P256.FIELD_BYTES)
        && Arrays.compareUnsigned(signature, from, to, ORDER, 0, P256.FIELD_BYTES) < 0;
  }
}
