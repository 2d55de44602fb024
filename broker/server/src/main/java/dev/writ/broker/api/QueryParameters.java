package dev.writ.broker.api;

import dev.writ.broker.http.Call;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads query parameters. */
final class QueryParameters {
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,4}");

  private QueryParameters() {}

  /** What is wrong with their names; empty if each is known and there once at most. */
  static Optional<String> wrongNames(Call call, Set<String> known) {
    boolean sound =
        known.containsAll(call.query().keySet())
            && call.query().values().stream().allMatch(values -> values.size() == 1);
    return sound
        ? Optional.empty()
        : Optional.of(
            "The query takes each of " + known.stream().sorted().toList() + " at most once.");
  }

  /** Entries of a page; empty if the parameter is no whole number from 1 to {@code max}. */
  static Optional<Integer> limit(Call call, int unless, int max) {
    return Optional.of(call.query("limit").orElse(String.valueOf(unless)))
        .filter(text -> LIMIT.matcher(text).matches())
        .map(Integer::valueOf)
        .filter(limit -> limit <= max);
  }

  static String wrongLimit(int max) {
    return "limit: expected a whole number from 1 to " + max + ".";
  }
}
