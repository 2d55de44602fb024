package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path folder;

  @Test
  void comes_out_as_told_within_a_minute_and_leaves_nothing_behind() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));

    String screen = run(temporary, 0);

    assertTrue(screen.contains("Every step came out as told"), screen);
    assertTrue(screen.contains("group:platform answers for it; on duty was"), screen);
    assertEquals(List.of(), stories(temporary));
  }

  @Test
  void shows_no_credential_and_no_colour_off_a_terminal() throws Exception {
    String screen = run(Files.createDirectory(folder.resolve("tmp")), 0);

    assertFalse(screen.matches("(?s).*eyJ[A-Za-z0-9_-]{20,}.*"), screen);
    assertFalse(screen.matches("(?s).*writ_[a-z]+_[A-Za-z0-9_-]{20,}.*"), screen);
    assertFalse(screen.contains("\u001b["), screen);
  }

  @Test
  void refuses_other_arguments() throws Exception {
    String screen = run(Files.createDirectory(folder.resolve("tmp")), 2, "--fast");

    assertTrue(screen.contains("unknown arguments: --fast"), screen);
  }

  private static List<Path> stories(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(f -> f.getFileName().toString().startsWith("writ-demo-")).toList();
    }
  }

  private String run(Path temporary, int exit, String... arguments) throws Exception {
    Path output = folder.resolve("screen");
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.io.tmpdir=" + temporary,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.writ.fixtures.demo.Demo"),
                Stream.of(arguments))
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the demo ended within a minute");
    } finally {
      process.destroy();
    }
    String screen = Files.readString(output);
    assertEquals(exit, process.exitValue(), screen);
    return screen;
  }
}
