package dev.writ.broker.config;

import dev.writ.document.Document;
import dev.writ.document.Json;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.document.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What flags and environment variables say, which wins over the file: flag, then variable, then
 * file, then default. Collects their problems under their names.
 */
final class Layers {
  /** How a flag's or variable's text is read. */
  enum Form {
    /** As it stands. */
    TEXT,
    /** As a YAML value: a number, or a list in flow style or JSON. */
    YAML
  }

  /** The place of a value that is all there is. */
  private static final String START = "line 1, column 1";

  private record Said(String name, String text) {}

  private final Map<String, String> environment;
  private final Map<String, String> flags;
  private final Path workingDirectory;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param flags by the key they stand for, such as {@code listen.port}
   */
  Layers(Map<String, String> environment, Map<String, String> flags, Path workingDirectory) {
    this.environment = environment;
    this.flags = flags;
    this.workingDirectory = workingDirectory;
  }

  /** {@code listen.management-port} is {@code WRIT_LISTEN_MANAGEMENT_PORT}. */
  static String variable(String key) {
    return "WRIT_" + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  /** What relative paths in flags and variables are relative to. */
  Path base() {
    return workingDirectory;
  }

  List<Problem> problems() {
    return problems;
  }

  boolean says(String key) {
    return said(key).isPresent();
  }

  /** Notes a problem with what a flag or variable said. */
  void problem(String key, String message) {
    said(key).ifPresent(said -> problems.add(new Problem(said.name(), message)));
  }

  /** Reads what a flag or variable says for a key for which {@link #says} is true. */
  <T> Optional<T> read(String key, Form form, Function<Value, Optional<T>> shape) {
    Said said = said(key).orElseThrow();
    Document document =
        switch (form) {
          case TEXT -> Document.json(Json.write(said.text()), Limits.REQUEST);
          case YAML -> Document.yaml(said.text(), Limits.FILE);
        };
    // What is read may be sound and yet empty, which Parsed has no word for: hence the list.
    Parsed<List<T>> parsed =
        document.read(value -> Optional.of(shape.apply(value).stream().toList()));
    return switch (parsed) {
      case Parsed.Valid<List<T>>(List<T> values) -> values.stream().findFirst();
      case Parsed.Invalid<List<T>> invalid -> {
        invalid.problems().forEach(problem -> problems.add(placed(said, form, problem)));
        yield Optional.empty();
      }
    };
  }

  private static Problem placed(Said said, Form form, Problem problem) {
    boolean bare = form == Form.TEXT || problem.place().isEmpty() || problem.place().equals(START);
    return new Problem(
        bare ? said.name() : said.name() + ", " + problem.place(), problem.message());
  }

  private Optional<Said> said(String key) {
    return Optional.ofNullable(flags.get(key))
        .map(text -> new Said(Flags.nameOf(key), text))
        .or(() ->
            Optional.ofNullable(environment.get(variable(key)))
                .map(text -> new Said(variable(key), text)));
  }
}
