package dev.writ.policy;

import dev.writ.document.Nearest;
import dev.writ.document.Quoted;
import dev.writ.document.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the conditions of a policy's AWS statement. Operators are IAM's; a misspelt one would fail
 * only at AWS.
 */
final class ConditionsReader {
  private static final int OPERATORS_MAX = 16;
  private static final int KEYS_MAX = 16;
  private static final int VALUES_MAX = 32;
  private static final int VALUE_LENGTH_MAX = 512;

  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9-]{1,64}:[A-Za-z0-9_./:${}-]{1,128}");

  /** IAM User Guide, "IAM JSON policy elements: Condition operators". */
  private static final List<String> OPERATORS =
      List.of(
          "StringEquals",
          "StringNotEquals",
          "StringEqualsIgnoreCase",
          "StringNotEqualsIgnoreCase",
          "StringLike",
          "StringNotLike",
          "NumericEquals",
          "NumericNotEquals",
          "NumericLessThan",
          "NumericLessThanEquals",
          "NumericGreaterThan",
          "NumericGreaterThanEquals",
          "DateEquals",
          "DateNotEquals",
          "DateLessThan",
          "DateLessThanEquals",
          "DateGreaterThan",
          "DateGreaterThanEquals",
          "Bool",
          "BinaryEquals",
          "IpAddress",
          "NotIpAddress",
          "ArnEquals",
          "ArnLike",
          "ArnNotEquals",
          "ArnNotLike",
          "Null");

  private static final Pattern DECORATION =
      Pattern.compile("^(?:ForAllValues:|ForAnyValue:)|IfExists$");

  private ConditionsReader() {}

  static Conditions conditions(Value value) {
    Map<String, Map<String, List<String>>> tests = new TreeMap<>();
    value
        .entries(OPERATORS_MAX)
        .forEach((operator, keys) -> {
          String bare = DECORATION.matcher(operator).replaceAll("");
          if (!OPERATORS.contains(bare)) {
            String hint = Nearest.hint(bare, OPERATORS);
            keys.problem("unknown condition operator " + Quoted.of(operator) + hint);
          }
          tests.put(operator, keys(keys));
        });
    return new Conditions(tests);
  }

  private static Map<String, List<String>> keys(Value value) {
    Map<String, List<String>> keys = new HashMap<>();
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Map<String, Value> entries = value.entries(KEYS_MAX);
    if (value.isPresent() && entries.isEmpty()) {
      value.problem("expected at least one condition key");
    }
    entries.forEach((key, values) -> {
      if (!KEY.matcher(key).matches()) {
        values.problem(
            "expected a condition key such as aws:RequestedRegion, got " + Quoted.of(key));
      } else if (!seen.add(key)) {
        values.problem("duplicate condition key " + Quoted.of(key) + ": IAM ignores case");
      }
      keys.put(key, values(values));
    });
    return keys;
  }

  private static List<String> values(Value value) {
    List<Value> values = value.itemsOrOne(VALUES_MAX);
    if (value.isEmptyList()) {
      value.problem("expected at least one value");
    }
    return values.stream()
        .map(item -> item.string(VALUE_LENGTH_MAX))
        .flatMap(Optional::stream)
        .toList();
  }
}
