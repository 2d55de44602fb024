package dev.writ.broker.github;

/** A bearer credential: an App's JWT or an installation token. Shown to nobody who prints it. */
record Secret(String text) {
  @Override
  public String toString() {
    return "Secret[]";
  }
}
