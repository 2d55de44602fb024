package dev.writ.policy;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * A pattern in which {@code *} stands for any text and {@code ?} for any one character. Inclusion
 * is decided exactly: this pattern is run as an automaton over all the texts of the other one.
 */
final class Glob {
  /** Stands for every character that this pattern does not spell out; no pattern may hold it. */
  private static final char OTHER = '\uFFFF';

  private final String text;
  private final char[] symbols;
  private final char[] alphabet;

  Glob(String text) {
    this.text = text;
    this.symbols = text.replaceAll("\\*+", "*").toCharArray();
    this.alphabet = alphabet(symbols);
  }

  private static char[] alphabet(char[] symbols) {
    StringBuilder distinct = new StringBuilder().append(OTHER);
    for (char symbol : symbols) {
      if (symbol != '*' && symbol != '?' && distinct.indexOf(String.valueOf(symbol)) < 0) {
        distinct.append(symbol);
      }
    }
    return distinct.toString().toCharArray();
  }

  boolean isWild() {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /**
   * One point of the search: this many symbols of the other pattern are read, and these states are
   * reached here.
   */
  private record Point(int read, BitSet states) {}

  /**
   * Whether every text that {@code other} stands for is one of this pattern's. A search that grows
   * beyond its bound answers no: that refuses, and never widens.
   */
  boolean includes(Glob other) {
    if (symbols.length == 1 && symbols[0] == '*' || text.equals(other.text)) {
      return true;
    }
    int pointsMax = 256 + 8 * (symbols.length + other.symbols.length);
    Set<Point> seen = new HashSet<>();
    Deque<Point> open = new ArrayDeque<>();
    open.add(new Point(0, start()));
    while (!open.isEmpty()) {
      Point point = open.removeLast();
      if (!seen.add(point)) {
        continue;
      }
      if (fails(point, other) || seen.size() > pointsMax) {
        return false;
      }
      follow(point, other, open);
    }
    return true;
  }

  /** A text of the other pattern that ends, or must still go on, where this pattern cannot. */
  private boolean fails(Point point, Glob other) {
    boolean ended = point.read() == other.symbols.length;
    return point.states().isEmpty() || ended && !point.states().get(symbols.length);
  }

  private void follow(Point point, Glob other, Deque<Point> open) {
    if (point.read() == other.symbols.length) {
      return;
    }
    char symbol = other.symbols[point.read()];
    int next = point.read() + 1;
    if (symbol == '*') {
      open.add(new Point(next, point.states()));
      for (char c : alphabet) {
        open.add(new Point(point.read(), step(point.states(), c)));
      }
    } else if (symbol == '?') {
      for (char c : alphabet) {
        open.add(new Point(next, step(point.states(), c)));
      }
    } else {
      open.add(new Point(next, step(point.states(), symbol)));
    }
  }

  private BitSet start() {
    BitSet states = new BitSet(symbols.length + 1);
    reach(states, 0);
    return states;
  }

  private BitSet step(BitSet states, char c) {
    BitSet next = new BitSet(symbols.length + 1);
    for (int i = states.nextSetBit(0); i >= 0 && i < symbols.length; i = states.nextSetBit(i + 1)) {
      if (symbols[i] == '*') {
        reach(next, i);
      } else if (symbols[i] == '?' || symbols[i] == c) {
        reach(next, i + 1);
      }
    }
    return next;
  }

  /** State {@code i}, and the one after it where a star may stand for nothing. */
  private void reach(BitSet states, int i) {
    states.set(i);
    if (i < symbols.length && symbols[i] == '*') {
      states.set(i + 1);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
