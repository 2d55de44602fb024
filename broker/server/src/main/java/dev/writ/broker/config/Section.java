package dev.writ.broker.config;

import dev.writ.document.Fields;
import dev.writ.document.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A mapping of the configuration whose keys may also be said by flags and environment variables.
 */
final class Section {
  private final Value document;
  private final String path;
  private final Fields file;
  private final Path fileBase;
  private final Layers layers;
  private final List<String> keys;

  private Section(
      Value document, String path, Fields file, Path fileBase, Layers layers, String... keys) {
    this.document = document;
    this.path = path;
    this.keys = List.of(keys);
    this.file = file;
    this.fileBase = fileBase;
    this.layers = layers;
  }

  static Section root(Value document, Path fileBase, Layers layers, String... keys) {
    return new Section(document, "", document.fields(keys), fileBase, layers, keys);
  }

  /** A mapping below this one. It need not be in the file to have values. */
  Section section(String key, String... keys) {
    return new Section(
        document, key(key) + ".", file.optional(key).fields(keys), fileBase, layers, keys);
  }

  /** A key whose value is one text; flags and variables give it as it stands. */
  <T> Optional<T> text(String key, BiFunction<Value, Path, Optional<T>> shape) {
    return read(key, Layers.Form.TEXT, shape);
  }

  /** A key whose value is a number or a list; variables give it as YAML or JSON. */
  <T> Optional<T> yaml(String key, BiFunction<Value, Path, Optional<T>> shape) {
    return read(key, Layers.Form.YAML, shape);
  }

  /** Whether any source says something for the key. */
  boolean has(String key) {
    return layers.says(key(key)) || file.has(key);
  }

  /** Whether any source says something for any key of this section. */
  boolean isPresent() {
    return keys.stream().anyMatch(this::has);
  }

  /** Whether a flag or a variable says something for the key, which then wins over the file. */
  boolean isOverridden(String key) {
    return layers.says(key(key));
  }

  /** Whether no source has had a problem so far; what compares several values waits for that. */
  boolean isSound() {
    return layers.problems().isEmpty() && document.whenSound(() -> true).isPresent();
  }

  /** Notes a problem with a key, at the source that said it. */
  void problem(String key, String message) {
    if (layers.says(key(key))) {
      layers.problem(key(key), message);
    } else {
      file.optional(key).problem(message);
    }
  }

  private <T> Optional<T> read(
      String key, Layers.Form form, BiFunction<Value, Path, Optional<T>> shape) {
    return layers.says(key(key))
        ? layers.read(key(key), form, value -> shape.apply(value, layers.base()))
        : shape.apply(file.optional(key), fileBase);
  }

  private String key(String key) {
    return path + key;
  }
}
