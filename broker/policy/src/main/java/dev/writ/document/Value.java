package dev.writ.document;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One value of a document, with its place. Every reading either gives what was asked for or notes a
 * problem and gives nothing; an absent value gives nothing and notes nothing.
 */
public final class Value {
  private static final int PARSED_LENGTH_MAX = 2048;

  private final Notes notes;
  private final Place place;
  private final @Nullable Node node;

  Value(Notes notes, Place place, @Nullable Node node) {
    this.notes = notes;
    this.place = place;
    this.node = node;
  }

  /** False when the key is not there at all. */
  public boolean isPresent() {
    return node != null;
  }

  /** Whether this is a mapping. */
  public boolean isMapping() {
    return node instanceof Node.Mapping;
  }

  /** Whether this is a list without items. */
  public boolean isEmptyList() {
    return node instanceof Node.Sequence sequence && sequence.items().isEmpty();
  }

  /** Whether this is text of no characters, where a document may mean something by that. */
  public boolean isEmptyText() {
    return node instanceof Node.Text text && text.value().isEmpty();
  }

  /** Notes a problem at this place. */
  public void problem(String message) {
    notes.add(place, message);
  }

  /**
   * One line of text: 1 to {@code lengthMax} characters, no control or bidirectional formatting
   * ones.
   */
  public Optional<String> string(int lengthMax) {
    return text("text").filter(text -> within(text, lengthMax) && sound(Characters.line(text)));
  }

  /**
   * Text of several lines: 1 to {@code lengthMax} characters; of the control ones only newline and
   * tab.
   */
  public Optional<String> prose(int lengthMax) {
    return text("text").filter(text -> within(text, lengthMax) && sound(Characters.prose(text)));
  }

  /**
   * One line of text that {@code parser} understands. The problem repeats the text: not for
   * secrets.
   *
   * @param expected what is expected, such as {@code a repository written owner/name}
   */
  public <T> Optional<T> parsed(String expected, Function<String, Optional<T>> parser) {
    return text(expected)
        .filter(text -> within(text, PARSED_LENGTH_MAX))
        .flatMap(text -> parse(text, expected, parser));
  }

  private <T> Optional<T> parse(
      String text, String expected, Function<String, Optional<T>> parser) {
    Optional<T> parsed = parser.apply(text);
    if (parsed.isEmpty()) {
      problem("expected " + expected + ", got " + Quoted.of(text));
    }
    return parsed;
  }

  /** One of {@code known}; the problem names the nearest. */
  public Optional<String> oneOf(Collection<String> known) {
    Optional<String> text = text("one of " + String.join(", ", known));
    text.filter(name -> !known.contains(name))
        .ifPresent(name -> {
          String hint = Nearest.hint(name, known);
          problem(
              "expected one of " + String.join(", ", known) + ", got " + Quoted.of(name) + hint);
        });
    return text.filter(known::contains);
  }

  /** A whole number, bounds included, written without fraction or exponent. */
  public Optional<Long> integer(long min, long max) {
    String expected = "a whole number from " + min + " to " + max;
    if (!(node instanceof Node.Numeric number)) {
      return this.<Long>wrong(expected);
    }
    try {
      long value = Long.parseLong(number.digits());
      return min <= value && value <= max ? Optional.of(value) : this.<Long>wrong(expected);
    } catch (NumberFormatException e) {
      return wrong(expected);
    }
  }

  public Optional<Boolean> bool() {
    return node instanceof Node.Bool bool ? Optional.of(bool.value()) : wrong("true or false");
  }

  /** A duration such as {@code 12h}, {@code 90m}, {@code 900s}, {@code 7d}, bounds included. */
  public Optional<Duration> duration(Duration min, Duration max) {
    String form = "a duration such as 12h, 90m, 900s or 7d";
    Optional<Duration> duration = parsed(form, Durations::parse);
    duration
        .filter(given -> !within(given, min, max))
        .ifPresent(given ->
            problem(
                String.format(
                    "expected %s to %s, got %s",
                    Durations.print(min), Durations.print(max), Durations.print(given))));
    return duration.filter(given -> within(given, min, max));
  }

  private static boolean within(Duration given, Duration min, Duration max) {
    return min.compareTo(given) <= 0 && given.compareTo(max) <= 0;
  }

  /** The items of a list of at most {@code countMax}; it may be empty. */
  public List<Value> items(int countMax) {
    if (!(node instanceof Node.Sequence sequence)) {
      return this.<List<Value>>wrong("a list").orElse(List.of());
    }
    if (sequence.items().size() > countMax) {
      problem("too many: at most " + countMax + ", got " + sequence.items().size());
      return List.of();
    }
    return sequence.items().stream().map(item -> new Value(notes, item.place(), item)).toList();
  }

  /** The items of a list, or this value alone where a document may leave the brackets out. */
  public List<Value> itemsOrOne(int countMax) {
    return node == null || node instanceof Node.Sequence ? items(countMax) : List.of(this);
  }

  /**
   * The members of a mapping of at most {@code countMax} whose keys are free but for what no line
   * of text may hold, in the document's order.
   */
  public Map<String, Value> entries(int countMax) {
    if (!(node instanceof Node.Mapping mapping)) {
      return this.<Map<String, Value>>wrong("a mapping").orElse(Map.of());
    }
    if (mapping.members().size() > countMax) {
      problem("too many: at most " + countMax + ", got " + mapping.members().size());
      return Map.of();
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    mapping
        .members()
        .forEach((key, member) -> {
          Value entry = new Value(notes, member.key(), member.value());
          Characters.line(key).ifPresent(complaint -> entry.problem("in the key: " + complaint));
          entries.put(key, entry);
        });
    return Collections.unmodifiableMap(entries);
  }

  /** The members of a mapping that may have these keys and no others. */
  public Fields fields(String... known) {
    Set<String> names = new LinkedHashSet<>(List.of(known));
    if (node instanceof Node.Mapping mapping) {
      return new Fields(notes, place, names, mapping.members(), false);
    }
    wrong("a mapping with " + String.join(", ", names));
    return new Fields(notes, place, names, Map.of(), true);
  }

  /**
   * The value that {@code build} makes, if no problem has been noted in the whole document so far.
   */
  public <T> Optional<T> whenSound(Supplier<T> build) {
    return notes.none() ? Optional.of(build.get()) : Optional.empty();
  }

  private Optional<String> text(String expected) {
    if (node instanceof Node.Text text) {
      return Optional.of(text.value());
    }
    boolean unquoted = node instanceof Node.Numeric || node instanceof Node.Bool;
    return wrong(expected, unquoted ? "; put it in quotes if text is meant" : "");
  }

  private boolean within(String text, int lengthMax) {
    boolean fits = !text.isEmpty() && text.length() <= lengthMax;
    if (!fits) {
      problem("expected 1 to " + lengthMax + " characters, got " + text.length());
    }
    return fits;
  }

  private boolean sound(Optional<String> complaint) {
    complaint.ifPresent(this::problem);
    return complaint.isEmpty();
  }

  private <T> Optional<T> wrong(String expected) {
    return wrong(expected, "");
  }

  private <T> Optional<T> wrong(String expected, String advice) {
    if (node != null) {
      problem("expected " + expected + ", got " + node.kind() + advice);
    }
    return Optional.empty();
  }
}
