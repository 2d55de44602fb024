package dev.writ.document;

import java.util.Optional;

/**
 * Where a node stands.
 *
 * @param order sorts by appearance
 * @param text for people
 * @param pointer of the node in the document (RFC 6901)
 * @param mark in text of lines
 */
record Place(int order, String text, String pointer, Optional<Problem.Mark> mark) {
  static final Place WHOLE = new Place(-1, "", "", Optional.empty());

  static Place member(int order, String pointer) {
    return new Place(order, pointer, pointer, Optional.empty());
  }

  /** Line and column count from 0. */
  static Place line(int index, int line, int column, String pointer) {
    Problem.Mark mark = new Problem.Mark(line + 1, column + 1);
    return new Place(index, mark.toString(), pointer, Optional.of(mark));
  }

  /** The pointer to a member; a name's unprintable characters are shown as such. */
  static String below(String pointer, String name) {
    String quoted = Quoted.of(name);
    return pointer
        + '/'
        + quoted.substring(1, quoted.length() - 1).replace("~", "~0").replace("/", "~1");
  }
}
