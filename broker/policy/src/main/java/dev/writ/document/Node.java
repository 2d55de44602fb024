package dev.writ.document;

import java.util.List;
import java.util.Map;

/** A located document tree, the same for YAML and JSON. */
sealed interface Node {
  Place place();

  /** What this is, for "expected X, got Y". */
  String kind();

  record Text(Place place, String value) implements Node {
    @Override
    public String kind() {
      return Quoted.of(value);
    }
  }

  /** A number as it was written: it may be too large for any type, or not whole. */
  record Numeric(Place place, String digits) implements Node {
    @Override
    public String kind() {
      return "the number " + Quoted.shorten(digits);
    }
  }

  record Bool(Place place, boolean value) implements Node {
    @Override
    public String kind() {
      return String.valueOf(value);
    }
  }

  record Nothing(Place place) implements Node {
    @Override
    public String kind() {
      return "nothing";
    }
  }

  record Sequence(Place place, List<Node> items) implements Node {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Members in the order of the document, each with the place of its key. */
  record Mapping(Place place, Map<String, Member> members) implements Node {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  record Member(Place key, Node value) {}
}
