package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** JSON on the command line. */
final class JsonArgument {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonArgument() {}

  /**
   * An array; an object alone is its one element.
   *
   * @param option for the message
   */
  static ArrayNode array(String option, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (node instanceof ArrayNode array) {
        return array;
      }
      if (node.isObject()) {
        return JsonNodeFactory.instance.arrayNode().add(node);
      }
    } catch (JacksonException e) {
      // Told below; Jackson's own words are about Java.
    }
    throw new Failure(
        Exit.USAGE,
        option
            + ": expected JSON such as"
            + " '[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\"}]'.");
  }
}
