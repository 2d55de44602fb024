package dev.writ.broker.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a PostgreSQL program that ends by itself. */
final class ProgramRun {
  /** Enough of a program's output to understand its failure. */
  private static final int OUTPUT_MAX = 2000;

  private final Path folder;
  private final List<String> command;
  private String input = "";

  ProgramRun(Path folder, List<String> command) {
    this.folder = folder;
    this.command = command;
  }

  /** What the program reads from its standard input. It is never repeated in errors. */
  ProgramRun input(String text) {
    input = text;
    return this;
  }

  /** Neither the caller's {@code PG…} variables nor its locale may change what the programs do. */
  static void cleanEnvironment(Map<String, String> environment) {
    environment.clear();
    environment.putAll(Map.of("LC_ALL", "C", "TZ", "UTC", "PATH", "/usr/bin:/bin"));
  }

  /**
   * @throws DatabaseSetupException if the program fails, with its output, or does not end in time
   */
  void within(Duration limit) throws IOException {
    Path output = Files.createTempFile(folder, ".output-", "", PrivateFolders.FILE);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      cleanEnvironment(builder.environment());
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      if (!ended || process.exitValue() != 0) {
        throw failure(
            ended ? "failed" : "did not end within " + limit.toSeconds() + " s",
            Files.readString(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while " + command.getLast() + " ran.");
    } finally {
      Files.delete(output);
    }
  }

  private DatabaseSetupException failure(String how, String output) {
    PostgresUser.explainRefusal(output);
    String tail = output.substring(Math.max(0, output.length() - OUTPUT_MAX)).strip();
    return new DatabaseSetupException(String.join(" ", command) + " " + how + ": " + tail);
  }
}
