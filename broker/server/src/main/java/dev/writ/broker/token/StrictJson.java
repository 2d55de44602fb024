package dev.writ.broker.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One JSON object (RFC 8259) with one reading: strict UTF-8 without byte order mark, no member
 * twice at any depth, no lone surrogates, nothing after it, numbers that a double or a long can
 * hold, bounded depth.
 */
final class StrictJson {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_CHARS = 32;

  /** Bytes of our own tokens and proofs. */
  private static final int MAX_BYTES = 8 * 1024;

  /** Bytes of what anybody signed. */
  private static final int MAX_DOCUMENT = 16 * 1024;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  // Names come from strangers: interning them would keep them.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .maxDocumentLength(MAX_DOCUMENT)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  private StrictJson() {}

  /** Empty for anything but exactly one such object. */
  static Optional<ObjectNode> object(byte[] utf8) {
    return utf8.length > MAX_BYTES ? Optional.empty() : foreign(utf8);
  }

  /** The same for the larger tokens of others. */
  static Optional<ObjectNode> foreign(byte[] utf8) {
    Optional<String> text = decode(utf8);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode node = READER.readTree(text.get());
      return node instanceof ObjectNode object && isSound(object)
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> decode(byte[] utf8) {
    if (utf8.length > MAX_DOCUMENT) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** What the grammar allows but two readers may understand differently. */
  private static boolean isSound(JsonNode node) {
    if (node.isTextual()) {
      return isUnicode(node.textValue());
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? node.canConvertToLong() : Double.isFinite(node.asDouble());
    }
    for (var member : node.properties()) {
      if (!isUnicode(member.getKey())) {
        return false;
      }
    }
    for (JsonNode child : node) {
      if (!isSound(child)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }
}
