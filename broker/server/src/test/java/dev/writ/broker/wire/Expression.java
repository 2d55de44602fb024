package dev.writ.broker.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which metrics and labels an expression of Prometheus names. It is cut into the words of the
 * language: whatever is none is an error, as are brackets that do not match. A name before {@code
 * (} is a function or an aggregation, one between braces before a comparison or in the list after
 * {@code by} a label, any other a metric. What {@code by} lists belongs to every metric within the
 * brackets that follow.
 *
 * @param labels by metric
 */
record Expression(Map<String, Set<String>> labels) {
  private static final Pattern WORD =
      Pattern.compile(
          "\\s+|(?<text>\"[^\"]*\")|(?<range>\\[\\w+])|(?<number>\\d+(\\.\\d+)?[smhdw]?)"
              + "|(?<name>[a-zA-Z_]\\w*)|(?<open>[({])|(?<close>[)}])|(?<sign>=~|!~|!=|==|<=|>=|[-+*/<>=,])");
  private static final Pattern LIST = Pattern.compile("\\(\\s*(\\w+(?:\\s*,\\s*\\w+)*)\\s*\\)\\s*");
  private static final Set<String> OPERATORS = Set.of("or", "and", "unless", "offset", "bool");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "count",
          "histogram_quantile",
          "increase",
          "max",
          "min",
          "rate",
          "sum",
          "time",
          "vector");

  static Expression of(String text) {
    return new Reader(text).read();
  }

  /** Of the data source; Grafana replaces them before Prometheus sees them. */
  static Expression ofPanel(String text) {
    return of(text.replace("$__rate_interval", "5m"));
  }

  private static final class Reader {
    private final String text;
    private final Map<String, Set<String>> labels = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();

    /** What {@code by} lists, at the depth of the brackets that it is for. */
    private final Deque<Map.Entry<Integer, List<String>>> lists = new ArrayDeque<>();

    private Optional<String> metric = Optional.empty();

    Reader(String text) {
      this.text = text;
    }

    Expression read() {
      Matcher word = WORD.matcher(text);
      int at = 0;
      while (at < text.length()) {
        if (!word.region(at, text.length()).lookingAt()) {
          throw wrong(at, "no word of the language");
        }
        at = word.group("name") == null ? bracket(word, at) : name(word.group("name"), word.end());
      }
      if (!open.isEmpty()) {
        throw wrong(at, "not closed: " + open);
      }
      return new Expression(labels);
    }

    private int bracket(Matcher word, int at) {
      if (word.group("open") != null) {
        open.push(word.group("open"));
      } else if (word.group("close") != null) {
        String opening = word.group("close").equals(")") ? "(" : "{";
        if (open.isEmpty() || !open.pop().equals(opening)) {
          throw wrong(at, "closes nothing");
        }
        while (!lists.isEmpty() && lists.peek().getKey() > open.size()) {
          lists.pop();
        }
      }
      return word.end();
    }

    private int name(String name, int end) {
      String rest = text.substring(end).stripLeading();
      if ("{".equals(open.peek())) {
        if (!rest.matches("(?s)(=~|!~|!=|=).*")) {
          throw wrong(end, "a label is compared");
        }
        labels
            .computeIfAbsent(
                metric.orElseThrow(() -> wrong(end, "no metric before braces")),
                unseen -> new HashSet<>())
            .add(name);
      } else if (name.equals("by")) {
        return list(end);
      } else if (rest.startsWith("(")) {
        if (!FUNCTIONS.contains(name) && !OPERATORS.contains(name)) {
          throw wrong(end, "no function that is known here: " + name);
        }
      } else if (!OPERATORS.contains(name)
          && !(FUNCTIONS.contains(name) && rest.startsWith("by"))) {
        metric = Optional.of(name);
        Set<String> own = labels.computeIfAbsent(name, key -> new HashSet<>());
        lists.forEach(list -> own.addAll(list.getValue()));
      }
      return end;
    }

    private int list(int end) {
      int at = end + text.substring(end).length() - text.substring(end).stripLeading().length();
      Matcher list = LIST.matcher(text).region(at, text.length());
      if (!list.lookingAt()) {
        throw wrong(end, "by has a list");
      }
      lists.push(Map.entry(open.size() + 1, List.of(list.group(1).split("\\s*,\\s*"))));
      return list.end();
    }

    private IllegalArgumentException wrong(int at, String why) {
      return new IllegalArgumentException(
          "%s at %d: %s"
              .formatted(why, at, text.substring(Math.max(0, Math.min(at, text.length()) - 20))));
    }
  }
}
