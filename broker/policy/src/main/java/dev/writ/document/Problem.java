package dev.writ.document;

import java.util.Optional;

/**
 * One thing that is wrong in a document.
 *
 * @param place where: {@code line 3, column 5} in YAML; in JSON the pointer of the value (RFC
 *     6901), which is empty for the whole document
 * @param message what is wrong and what was expected
 * @param pointer the pointer of the value in YAML, too; empty for the whole document
 * @param mark in YAML, where it stands in the text
 */
public record Problem(String place, String message, String pointer, Optional<Mark> mark) {

  /** A place in a text; both count from 1. */
  public record Mark(int line, int column) {
    @Override
    public String toString() {
      return "line " + line + ", column " + column;
    }
  }

  /**
   * @param place a pointer, a file's name or what else tells people where
   */
  public Problem(String place, String message) {
    this(place, message, place.startsWith("/") ? place : "", Optional.empty());
  }

  @Override
  public String toString() {
    return place.isEmpty() ? message : place + ": " + message;
  }
}
