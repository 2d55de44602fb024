package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code writ demo} as a process, on a machine that may have fewer programs than this one. */
final class DemoRun implements AutoCloseable {
  /** Without these there is no S3. */
  static final Set<String> STORE =
      Set.of("radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "aws");

  private static final String BIN = "bin";
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Path temporary;
  private final Path output;
  private final Process process;

  private DemoRun(Path temporary, Path output, Process process) {
    this.temporary = temporary;
    this.output = output;
    this.process = process;
  }

  /**
   * @param path the programs that are there
   */
  static DemoRun start(Path folder, String path, String... arguments) throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path output = folder.resolve("screen");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.writ.fixtures.demo.Demo"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("PATH", path);
    builder.environment().put("TMPDIR", temporary.toString());
    return new DemoRun(temporary, output, builder.start());
  }

  /** This machine's programs but these, as links in a folder. */
  static String without(Path folder, Set<String> hidden) throws IOException {
    Path bin = Files.createDirectory(folder.resolve(BIN));
    for (String place : System.getenv("PATH").split(":")) {
      if (Files.isDirectory(Path.of(place))) {
        try (Stream<Path> programs = Files.list(Path.of(place))) {
          for (Path program : programs.toList()) {
            Path link = bin.resolve(program.getFileName().toString());
            if (!hidden.contains(link.getFileName().toString()) && !Files.exists(link)) {
              Files.createSymbolicLink(link, program);
            }
          }
        }
      }
    }
    return bin.toString();
  }

  /** What stands on the screen by now. */
  String screen() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The screen once this stands on it. */
  String until(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!screen().contains(text)) {
      assertTrue(process.isAlive() && System.nanoTime() < end, this::screen);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return screen();
  }

  /** As Ctrl-C does, where nothing else gets the signal. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** The whole screen. */
  String ends(int exit) throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the demo ended");
    assertEquals(exit, process.exitValue(), this::screen);
    return screen();
  }

  /** What is in the temporary folder and below. */
  List<Path> left() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.filter(file -> !file.equals(temporary)).toList();
    }
  }

  /** Processes that know of the temporary folder, by their command line or their environment. */
  List<String> processes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(one -> one.getFileName().toString().matches("[0-9]+"))
          .filter(one -> !one.endsWith(Long.toString(ProcessHandle.current().pid())))
          .filter(one -> knows(one.resolve("cmdline")) || knows(one.resolve("environ")))
          .map(one -> text(one.resolve("cmdline")).replace('\0', ' '))
          .toList();
    }
  }

  private boolean knows(Path file) {
    return text(file).contains(temporary.toString());
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Ends it if it has not ended, and takes the links of {@link #without} away. */
  @Override
  public void close() throws IOException {
    process.destroy();
    Path bin = temporary.resolveSibling(BIN);
    if (Files.isDirectory(bin)) {
      try (Stream<Path> links = Files.list(bin)) {
        for (Path link : links.toList()) {
          Files.delete(link);
        }
      }
    }
  }
}
