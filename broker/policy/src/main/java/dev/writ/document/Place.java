package dev.writ.document;

/** Where a node stands: {@code order} sorts by appearance, {@code text} is for people. */
record Place(int order, String text) {
  static final Place WHOLE = new Place(-1, "");

  static Place line(int index, int line, int column) {
    return new Place(index, "line " + (line + 1) + ", column " + (column + 1));
  }
}
