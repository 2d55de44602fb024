package dev.writ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page of docs/, whose examples are tried. */
public record Page(String text) {
  public static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** What a shell wrote, to either output. */
  public record Typed(int code, String out) {}

  public static Page of(String name) {
    try {
      return new Page(Files.readString(REPOSITORY.resolve("docs").resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks that begin with three backquotes and {@code kind}. */
  public List<String> blocks(String kind) {
    return Pattern.compile("^```" + kind + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Types commands into a shell that has this environment and no other. */
  public static Typed type(String commands, Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Typed(process.waitFor(), out);
  }
}
