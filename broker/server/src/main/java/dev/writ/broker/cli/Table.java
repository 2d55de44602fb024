package dev.writ.broker.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Columns for people: upper-case heads, two spaces between, columns that say nothing left out. */
final class Table {
  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    this.heads = List.of(heads);
  }

  /** A row with a cell per column. */
  void row(String... cells) {
    if (cells.length != heads.size()) {
      throw new IllegalArgumentException(heads.size() + " cells expected");
    }
    rows.add(List.of(cells));
  }

  List<String> lines() {
    int[] shown =
        IntStream.range(0, heads.size())
            .filter(i -> rows.stream().anyMatch(row -> !row.get(i).isEmpty()))
            .toArray();
    List<String> lines = new ArrayList<>();
    lines.add(line(heads.stream().map(head -> head.toUpperCase(Locale.ROOT)).toList(), shown));
    rows.forEach(row -> lines.add(line(row, shown)));
    return lines;
  }

  private String line(List<String> cells, int[] shown) {
    StringBuilder line = new StringBuilder();
    for (int i : shown) {
      line.append(cells.get(i)).append(" ".repeat(width(i) - cells.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int widest = heads.get(column).length();
    for (List<String> row : rows) {
      widest = Math.max(widest, row.get(column).length());
    }
    return widest;
  }
}
