package dev.writ.broker.keycloak;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/**
 * A realm's document as a tree: strict about what it says twice or too deep, and patient with
 * members that a later version of the extension may add.
 */
final class RealmJson {
  private static final int DEPTH_MAX = 40;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private RealmJson() {}

  /**
   * @param realm its URL; the document names its last part
   */
  static JsonNode object(byte[] body, String realm) throws UnreadableException {
    JsonNode root = parse(body);
    String name = realm.substring(realm.lastIndexOf('/') + 1);
    if (!root.isObject() || !root.path("realm").asText("").equals(name)) {
      throw new UnreadableException(
          "the answer is not of Writ's extension for the realm " + name + "; is it installed?");
    }
    return root;
  }

  private static JsonNode parse(byte[] body) throws UnreadableException {
    try {
      JsonNode root = MAPPER.readTree(body);
      return root == null ? MissingNode.getInstance() : root;
    } catch (JacksonException malformed) {
      throw new UnreadableException("the answer is not JSON: " + malformed.getOriginalMessage());
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory cannot fail", impossible);
    }
  }

  /** The number of the whole document. */
  static long version(JsonNode root) throws UnreadableException {
    JsonNode version = root.path("version");
    if (!version.canConvertToLong() || version.asLong() < 0) {
      throw new UnreadableException("the answer has no version");
    }
    return version.asLong();
  }

  /** A version from 1. */
  static int number(JsonNode one, String member) throws UnreadableException {
    JsonNode number = one.path(member);
    if (!number.canConvertToInt() || number.asInt() < 1) {
      throw new UnreadableException("the answer has a " + member + " that is no number from 1");
    }
    return number.asInt();
  }

  static JsonNode list(JsonNode root, String member, int max) throws UnreadableException {
    JsonNode list = root.path(member);
    if (!list.isArray() || list.size() > max) {
      throw new UnreadableException(
          "the answer's " + member + " are not a list of at most " + max + " entries");
    }
    return list;
  }

  /** Empty where there is none; cut where it is longer. */
  static String text(JsonNode one, String member, int max) {
    String text = one.path(member).asText("");
    return text.length() <= max ? text : text.substring(0, max);
  }
}
