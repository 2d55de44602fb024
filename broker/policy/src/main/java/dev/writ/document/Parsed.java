package dev.writ.document;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What became of a document: a value, or everything that is wrong with it. */
public sealed interface Parsed<T> {

  /** The document is sound. */
  record Valid<T>(T value) implements Parsed<T> {}

  /**
   * The document is not sound; {@code problems} is never empty and stands in the document's order.
   */
  record Invalid<T>(List<Problem> problems) implements Parsed<T> {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("an invalid document has at least one problem");
      }
    }

    /** One problem per line. */
    public String report() {
      return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
  }

  /** The problems, none when valid. */
  default List<Problem> problems() {
    return this instanceof Invalid<T> invalid ? invalid.problems() : List.of();
  }

  /** The value of a document that is known to be sound, such as one that we wrote ourselves. */
  default T orElseThrow() {
    if (this instanceof Valid<T> valid) {
      return valid.value();
    }
    throw new IllegalStateException(((Invalid<T>) this).report());
  }

  /** The same with the value replaced. */
  default <U> Parsed<U> map(Function<? super T, ? extends U> change) {
    return this instanceof Valid<T> valid
        ? new Valid<>(change.apply(valid.value()))
        : new Invalid<>(problems());
  }
}
