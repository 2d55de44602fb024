package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  private static final List<String> SHORT =
      List.of("--duration", "2", "--warmup", "1", "--agents", "2", "--connections", "4");

  @TempDir Path folder;

  @Test
  void measures_both_proofs_without_a_failure_and_leaves_nothing_behind() throws Exception {
    List<String> arguments =
        Stream.concat(SHORT.stream(), Stream.of("--starts", "1", "--json")).toList();

    JsonNode report = new ObjectMapper().readTree(run(0, arguments));

    assertEquals(0, report.path("failed").asLong(-1), report.toString());
    assertTrue(report.at("/signature/sign_us").asDouble() > 1, report.toString());
    assertTrue(report.at("/signature/verify_us").asDouble() > 1, report.toString());
    assertTrue(report.at("/ready/external_database_s").asDouble() > .1, report.toString());
    assertTrue(report.at("/ready/embedded_database_s").asDouble() > .1, report.toString());
    assertEquals(
        List.of("mtls", "dpop"), report.path("runs").findValuesAsText("proof"), report.toString());
    long tokens = 0;
    for (JsonNode run : report.path("runs")) {
      check(run, report);
      tokens += run.path("tokens").asLong();
    }
    assertTrue(report.path("ledger_rows").asLong() > tokens, report.toString());
    try (Stream<Path> left = Files.list(temporary())) {
      assertEquals(
          List.of(), left.filter(f -> f.getFileName().toString().startsWith("writ-")).toList());
    }
  }

  /** What holds of any run on any machine. */
  private static void check(JsonNode run, JsonNode report) {
    double window = run.path("seconds").asDouble();
    double tokens = run.path("tokens").asDouble();
    double cpus = report.path("cpus").asDouble();
    assertTrue(window >= 2 && window < 30, run.toString());
    assertTrue(tokens > 0, run.toString());
    assertEquals(tokens / window, run.path("tokens_per_s").asDouble(), 1, run.toString());
    double p50 = run.path("p50_ms").asDouble();
    assertTrue(p50 > 0 && p50 <= run.path("p99_ms").asDouble(), run.toString());
    double broker = run.path("broker_cpu_us").asDouble();
    double postgres = run.path("postgresql_cpu_us").asDouble();
    assertTrue(broker > 0 && postgres > 0, run.toString());
    assertTrue(
        (broker + postgres) * tokens <= 1.2 * cpus * window * 1e6, "no more CPU than there is");
  }

  @Test
  void refuses_what_it_does_not_understand() throws Exception {
    for (List<String> wrong :
        List.of(
            List.of("--fast"),
            List.of("--duration"),
            List.of("--duration", "0"),
            List.of("--agents", "1001"),
            List.of("--proof", "none"))) {
      assertTrue(run(2, wrong).isEmpty());
      assertTrue(Files.readString(errors()).contains(wrong.get(0)), wrong.toString());
    }
  }

  private Path temporary() throws IOException {
    return Files.createDirectories(folder.resolve("tmp"));
  }

  private Path errors() {
    return folder.resolve("errors");
  }

  private String run(int exit, List<String> arguments) throws Exception {
    Path output = folder.resolve("output");
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.io.tmpdir=" + temporary(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.writ.fixtures.bench.Bench"),
                arguments.stream())
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors().toFile())
            .start();
    try {
      assertTrue(process.waitFor(180, TimeUnit.SECONDS), "the benchmark ended");
    } finally {
      process.destroy();
    }
    assertEquals(exit, process.exitValue(), () -> text(output) + text(errors()));
    return text(output);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
