package dev.writ.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The problems noted so far in one document. */
final class Notes {
  /** Enough to mend a document by, few enough for an answer. */
  private static final int PROBLEMS_MAX = 100;

  private record Note(Place place, String message) {
    Problem problem() {
      return new Problem(place.text(), message, place.pointer(), place.mark());
    }
  }

  private final List<Note> notes = new ArrayList<>();

  void add(Place place, String message) {
    if (notes.size() < PROBLEMS_MAX) {
      notes.add(new Note(place, message));
    }
  }

  boolean none() {
    return notes.isEmpty();
  }

  /** In the document's order; of two at the same place the one noted first comes first. */
  List<Problem> problems() {
    return notes.stream()
        .sorted(Comparator.comparingInt(note -> note.place().order()))
        .map(Note::problem)
        .toList();
  }
}
