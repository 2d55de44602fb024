package dev.writ.broker.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The repository's Markdown files. */
final class Documents {
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private Documents() {}

  static String text(String file) {
    return text(ROOT.resolve(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files at the top and below {@code docs}. */
  static List<Path> all() {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs).filter(f -> f.toString().endsWith(".md")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of every fenced block whose opening line says exactly this. */
  static List<String> blocks(String markdown, String info) {
    Pattern block = Pattern.compile("(?ms)^```" + Pattern.quote(info) + "\\n(.*?)^```$");
    return block.matcher(markdown).results().map(match -> match.group(1)).toList();
  }
}
