package dev.writ.policy;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * IAM conditions: operator, then key, then values. All operators and keys must hold. They come from
 * policies only and are carried over into what is granted.
 *
 * @param tests operator to key to values; keys are kept as they were written and compared without
 *     case, as IAM does
 */
public record Conditions(Map<String, Map<String, List<String>>> tests) {
  static final Conditions NONE = new Conditions(Map.of());

  public Conditions {
    Map<String, Map<String, List<String>>> copy = new TreeMap<>();
    tests.forEach((operator, keys) -> copy.put(operator, sorted(keys)));
    copy.values().removeIf(Map::isEmpty);
    tests = Collections.unmodifiableMap(copy);
  }

  private static Map<String, List<String>> sorted(Map<String, List<String>> keys) {
    Map<String, List<String>> copy = withoutCase();
    keys.forEach((key, values) -> copy.put(key, Lists.asSet(values)));
    return Collections.unmodifiableMap(copy);
  }

  private static Map<String, List<String>> withoutCase() {
    return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  }

  public boolean isEmpty() {
    return tests.isEmpty();
  }

  /**
   * Both together; empty when they differ on the same operator and key, for then no one set of
   * values says both.
   */
  Optional<Conditions> and(Conditions other) {
    Map<String, Map<String, List<String>>> both = new TreeMap<>();
    tests.forEach((operator, keys) -> both.put(operator, with(keys)));
    for (Map.Entry<String, Map<String, List<String>>> test : other.tests.entrySet()) {
      Map<String, List<String>> keys = both.computeIfAbsent(test.getKey(), o -> withoutCase());
      for (Map.Entry<String, List<String>> key : test.getValue().entrySet()) {
        List<String> present = keys.putIfAbsent(key.getKey(), key.getValue());
        if (present != null && !present.equals(key.getValue())) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Conditions(both));
  }

  private static Map<String, List<String>> with(Map<String, List<String>> keys) {
    Map<String, List<String>> copy = withoutCase();
    copy.putAll(keys);
    return copy;
  }

  /** Whether these ask for nothing that {@code other} does not ask for, too. */
  boolean areWithin(Conditions other) {
    return and(other).filter(other::equals).isPresent();
  }

  Map<String, Object> details() {
    Map<String, Object> details = new TreeMap<>();
    tests.forEach((operator, keys) -> details.put(operator, new TreeMap<String, Object>(keys)));
    return details;
  }

  /** Keys that differ in case only are equal, so their hashes must be. */
  @Override
  public int hashCode() {
    return tests.toString().toLowerCase(Locale.ROOT).hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Conditions conditions && tests.equals(conditions.tests);
  }
}
