package dev.writ.document;

/** Ends the reading of a text from which no tree can be made. Never leaves this package. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Place place;

  Unreadable(Place place, String message) {
    super(message, null, false, false);
    this.place = place;
  }

  Place place() {
    return place;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
