package dev.writ.broker.remote;

import java.util.function.Function;

/** What looking at a target came to. */
public sealed interface Learnt<T> {

  /** It answered. */
  record Known<T>(T value) implements Learnt<T> {}

  /**
   * It did not, or not this.
   *
   * @param why a sentence without its full stop, fit to be shown
   */
  record Unknown<T>(Cause cause, String why) implements Learnt<T> {}

  /** Where to look for what keeps it from being known. */
  enum Cause {
    /** It did not answer: the way there. */
    SILENT,
    /** It answered otherwise: what it was shown. */
    REFUSED,
    /** It wants to be asked later. */
    LATER,
    /** It was not asked: this node's own key or database. */
    HERE
  }

  static <T> Learnt<T> known(T value) {
    return new Known<>(value);
  }

  static <T> Learnt<T> silent(String why) {
    return new Unknown<>(Cause.SILENT, why);
  }

  static <T> Learnt<T> refused(String why) {
    return new Unknown<>(Cause.REFUSED, why);
  }

  static <T> Learnt<T> later(String why) {
    return new Unknown<>(Cause.LATER, why);
  }

  static <T> Learnt<T> here(String why) {
    return new Unknown<>(Cause.HERE, why);
  }

  /** Goes on with the value, if there is one. */
  default <U> Learnt<U> then(Function<? super T, Learnt<U>> next) {
    return switch (this) {
      case Known<T>(T value) -> next.apply(value);
      case Unknown<T>(Cause cause, String why) -> new Unknown<>(cause, why);
    };
  }
}
