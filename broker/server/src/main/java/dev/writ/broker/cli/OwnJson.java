package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads JSON that this program wrote itself. */
final class OwnJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OwnJson() {}

  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote JSON that we cannot read", e);
    }
  }
}
