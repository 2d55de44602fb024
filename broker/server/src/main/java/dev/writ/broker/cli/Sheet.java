package dev.writ.broker.cli;

import java.util.ArrayList;
import java.util.List;

/** Labels and what they say, two columns; what says nothing is left out. */
final class Sheet {
  private record Entry(String label, String text) {}

  private final List<Entry> entries = new ArrayList<>();

  /**
   * @param label empty where the text goes on with the one before
   * @param text safe for a terminal
   */
  void add(String label, String text) {
    if (!text.isEmpty()) {
      entries.add(new Entry(label, text));
    }
  }

  /** The label beside the first of the texts only. */
  void add(String label, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      add(i == 0 ? label : "", texts.get(i));
    }
  }

  List<String> lines() {
    int width = entries.stream().mapToInt(entry -> entry.label().length()).max().orElse(0);
    return entries.stream()
        .map(entry ->
            "  " + entry.label() + " ".repeat(width - entry.label().length() + 2) + entry.text())
        .toList();
  }
}
