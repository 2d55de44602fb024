package dev.writ.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A program to run to its end, with a small environment that does not depend on the shell's.
 * Immutable.
 */
record Program(Path directory, Map<String, String> environment, List<String> words) {
  private static final long PATIENCE_SECONDS = 240;

  /** How it ended. */
  record Ended(int code, String out, String err) {
    /** Its standard output, if it ended well. */
    String expectDone() {
      if (code != 0) {
        throw new AssertionError("ended with " + code + "\n" + out + err);
      }
      return out;
    }
  }

  static Program of(Path directory, String... words) {
    return new Program(directory, Map.of("PATH", System.getenv("PATH")), List.of(words));
  }

  Program env(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new Program(directory, more, words);
  }

  Ended run() {
    return run("");
  }

  Ended run(String input) {
    try {
      Path out = Files.createTempFile("program", ".out");
      Path err = Files.createTempFile("program", ".err");
      ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(words + " did not end: " + Files.readString(err));
      }
      Ended ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return ended;
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", words) + " could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static Optional<Path> find(String name) {
    return Arrays.stream((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The words that run {@code words} as somebody without rights: as nobody, if this is root. */
  static String[] withoutRights(String... words) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  /** Makes a folder that {@link #withoutRights} may write into. */
  static Path ownedByThem(Path folder) {
    if (isRoot()) {
      of(folder, "chown", "-R", NOBODY + ":" + NOBODY, folder.toString()).run().expectDone();
    }
    return folder;
  }

  private static final String NOBODY = "65534";

  static boolean isRoot() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
