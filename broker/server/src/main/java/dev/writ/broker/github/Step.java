package dev.writ.broker.github;

import dev.writ.broker.exchange.Minted;
import java.util.function.Function;

/** What one step towards a token came to. */
sealed interface Step<T> {

  /** What the next step needs. */
  record Got<T>(T value) implements Step<T> {}

  /** The way ends here. */
  record Stopped<T>(Minted minted) implements Step<T> {}

  /** GitHub does not know the installation (any more). */
  record Gone<T>() implements Step<T> {}

  static <T> Step<T> refused(String reason) {
    return new Stopped<>(new Minted.Refused(reason));
  }

  /** Goes on with the value, if there is one. */
  default <U> Step<U> then(Function<? super T, Step<U>> next) {
    return switch (this) {
      case Got<T>(T value) -> next.apply(value);
      case Stopped<T>(Minted minted) -> new Stopped<>(minted);
      case Gone<T> _ -> new Gone<>();
    };
  }
}
