package dev.writ.broker.doctor;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Values in HCL's native syntax (HCL Native Syntax Specification, Template and Collection Values).
 */
final class Hcl {
  private Hcl() {}

  /** The name of something else in the same file. */
  record Reference(String name) {}

  /** A quoted template that stands for exactly this text. */
  static String text(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (Character.isISOControl(c)) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            }
          }
        });
    return quoted.append('"').toString().replace("${", "$${").replace("%{", "%%{");
  }

  /** A block's label, from a name that may hold what labels may not. */
  static String label(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.matches("[A-Za-z_].*") ? plain : "_" + plain;
  }

  /**
   * Maps, lists, texts and references.
   *
   * @param indent of the line that it begins on
   */
  static String value(Object value, String indent) {
    String deeper = indent + "  ";
    return switch (value) {
      case Reference(String name) -> name;
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(one ->
                  deeper
                      + text(String.valueOf(one.getKey()))
                      + " = "
                      + value(one.getValue(), deeper))
              .collect(Collectors.joining("\n", "{\n", "\n" + indent + "}"));
      case List<?> list ->
          list.stream().map(one -> value(one, indent)).collect(Collectors.joining(", ", "[", "]"));
      default -> text(value.toString());
    };
  }
}
