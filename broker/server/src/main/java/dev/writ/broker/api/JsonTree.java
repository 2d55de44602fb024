package dev.writ.broker.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** JSON that we wrote ourselves, read back to be shown inside an answer. */
final class JsonTree {
  private static final ObjectMapper mapper = new ObjectMapper();

  private JsonTree() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> of(String json) {
    try {
      return mapper.readValue(json, Map.class);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("stored JSON cannot be read", impossible);
    }
  }
}
