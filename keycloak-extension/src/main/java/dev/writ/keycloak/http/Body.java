package dev.writ.keycloak.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.writ.document.Nearest;
import dev.writ.document.Problem;
import dev.writ.document.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The JSON object that a request carries, read strictly: what is unknown, twice or of another kind
 * is noted, and all of it is told at once.
 */
public final class Body {
  /** Of a whole body, in characters: 8 MiB. */
  private static final int LENGTH_MAX = 8 * 1024 * 1024;

  private static final int DEPTH_MAX = 40;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode root;
  private final List<Problem> problems = new ArrayList<>();

  private Body(JsonNode root) {
    this.root = root;
  }

  /** Reads an object that may have these members. No text at all is an object without members. */
  public static Body read(String text, String... known) {
    if (text.length() > LENGTH_MAX) {
      return broken("too long: at most " + LENGTH_MAX + " characters");
    }
    try {
      JsonNode root = MAPPER.readTree(text.isBlank() ? "{}" : text);
      if (!root.isObject()) {
        return broken("expected a JSON object with " + String.join(", ", known));
      }
      Body body = new Body(root);
      body.refuseUnknown(List.of(known));
      return body;
    } catch (JacksonException e) {
      return broken("not JSON, or a member twice, or nested too deeply");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private static Body broken(String message) {
    Body body = new Body(MissingNode.getInstance());
    body.problem("", message);
    return body;
  }

  private void refuseUnknown(List<String> known) {
    root.fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            String hint = Nearest.hint(name, known);
            problem(
                "",
                "unknown member "
                    + Quoted.of(name)
                    + (hint.isEmpty() ? "; known are " + String.join(", ", known) : hint));
          }
        });
  }

  public void problem(String pointer, String message) {
    problems.add(new Problem(pointer, message));
  }

  /** All that is wrong so far; none if it is sound. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  public boolean isSound() {
    return problems.isEmpty();
  }

  /** A member, if it is there and not null. */
  public Optional<JsonNode> node(String name) {
    return Optional.ofNullable(root.get(name)).filter(node -> !node.isNull());
  }

  /** Text of at most so many characters. */
  public Optional<String> text(String name, int max) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent() && !node.get().isTextual()) {
      problem("/" + name, "expected text");
      return Optional.empty();
    }
    Optional<String> text = node.map(JsonNode::asText);
    if (text.isPresent() && text.get().length() > max) {
      problem("/" + name, "expected at most " + max + " characters, got " + text.get().length());
    }
    return text.filter(given -> given.length() <= max);
  }

  /** A whole number from {@code min}; that it is missing is a problem. */
  public OptionalInt number(String name, int min) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent()
        && node.get().canConvertToInt()
        && node.get().asInt() >= min
        && node.get().isIntegralNumber()) {
      return OptionalInt.of(node.get().asInt());
    }
    problem("/" + name, "expected a whole number from " + min);
    return OptionalInt.empty();
  }

  /** True or false; false if it is missing. */
  public boolean flag(String name) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent() && !node.get().isBoolean()) {
      problem("/" + name, "expected true or false");
    }
    return node.map(JsonNode::asBoolean).orElse(false);
  }
}
