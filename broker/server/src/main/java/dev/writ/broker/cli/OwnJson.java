package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** JSON between the parts of this program, and from it to others. */
final class OwnJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OwnJson() {}

  /** For programs, laid out so that people can read it too. */
  static String write(JsonNode tree) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Maps, lists and texts as a tree. */
  static JsonNode tree(Map<String, ?> members) {
    return JSON.valueToTree(members);
  }

  /** Reads what this program wrote itself. */
  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote JSON that we cannot read", e);
    }
  }
}
