package dev.writ.policy;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lists that stand for sets: sorted and without duplicates, so that equal sets are equal lists and
 * print alike.
 */
final class Lists {
  private Lists() {}

  static <T extends Comparable<? super T>> List<T> asSet(Collection<? extends T> items) {
    return items.stream().<T>map(item -> item).distinct().sorted().toList();
  }

  static List<Object> texts(Collection<?> items) {
    return items.stream().<Object>map(Object::toString).toList();
  }

  static <T> List<T> concat(Collection<? extends T> a, Collection<? extends T> b) {
    return Stream.<T>concat(a.stream(), b.stream()).toList();
  }
}
