package dev.writ.document;

/**
 * One thing that is wrong in a document.
 *
 * @param place where: {@code line 3, column 5} in YAML; in JSON the pointer of the value (RFC
 *     6901), which is empty for the whole document
 * @param message what is wrong and what was expected
 */
public record Problem(String place, String message) {
  @Override
  public String toString() {
    return place.isEmpty() ? message : place + ": " + message;
  }
}
