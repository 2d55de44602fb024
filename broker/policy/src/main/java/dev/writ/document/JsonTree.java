package dev.writ.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the tree from JSON tokens; places are JSON pointers (RFC 6901). */
final class JsonTree {
  /** Longer than any number that means anything to us, short enough to cost nothing. */
  private static final int NUMBER_LENGTH_MAX = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNumberLength(NUMBER_LENGTH_MAX).build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Names come from strangers: a shared table of them would be theirs to fill.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
          .build();

  private final JsonParser parser;
  private final Limits limits;
  private final Notes notes;
  private int order;

  private JsonTree(JsonParser parser, Limits limits, Notes notes) {
    this.parser = parser;
    this.limits = limits;
    this.notes = notes;
  }

  static Node read(String text, Limits limits, Notes notes) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new JsonTree(parser, limits, notes).document();
    } catch (StreamConstraintsException e) {
      throw new Unreadable(Place.WHOLE, "a number, name or text is too long" + at(e.getLocation()));
    } catch (JsonProcessingException e) {
      throw new Unreadable(Place.WHOLE, "not JSON" + at(e.getLocation()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private Node document() throws IOException {
    if (parser.nextToken() == null) {
      throw new Unreadable(Place.WHOLE, "the document is empty");
    }
    Node root = node("", 1);
    if (parser.nextToken() != null) {
      throw new Unreadable(
          Place.WHOLE, "not JSON: more follows the end" + at(parser.currentTokenLocation()));
    }
    return root;
  }

  private Node node(String pointer, int depth) throws IOException {
    Place place = Place.member(order++, pointer);
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(place, nested(place, depth));
      case START_ARRAY -> sequence(place, nested(place, depth));
      case VALUE_STRING -> new Node.Text(place, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Numeric(place, parser.getText());
      case VALUE_TRUE -> new Node.Bool(place, true);
      case VALUE_FALSE -> new Node.Bool(place, false);
      case VALUE_NULL -> new Node.Nothing(place);
      default -> throw new Unreadable(place, "not JSON" + at(parser.currentTokenLocation()));
    };
  }

  private int nested(Place place, int depth) {
    if (depth > limits.depth()) {
      throw new Unreadable(place, "nested too deeply: at most " + limits.depth() + " levels");
    }
    return depth + 1;
  }

  private Node mapping(Place place, int depth) throws IOException {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Node value = node(Place.below(place.pointer(), name), depth);
      if (members.putIfAbsent(name, new Node.Member(value.place(), value)) != null) {
        notes.add(value.place(), "duplicate key " + Quoted.of(name));
      }
    }
    return new Node.Mapping(place, members);
  }

  private Node sequence(Place place, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(place.pointer() + '/' + items.size(), depth));
    }
    return new Node.Sequence(place, items);
  }

  /**
   * Never the parser's own message: it repeats what was sent, and what was sent may be a secret.
   */
  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }
}
