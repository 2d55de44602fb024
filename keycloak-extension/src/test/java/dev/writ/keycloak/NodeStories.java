package dev.writ.keycloak;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Stories that Node.js tells, each as soon as it has ended. Two files at a time: a browser and what
 * it talks to keep a core busy.
 */
final class NodeStories implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FILES_AT_ONCE = 2;
  private static final int FILE_MILLIS_MAX = 300_000;
  private static final long END_SECONDS_MAX = 10;

  private final Process node;
  private final BufferedReader lines;
  private int told;
  private boolean allWell = true;

  private NodeStories(Process node) {
    this.node = node;
    this.lines = node.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * One story's end.
   *
   * @param name its own, or a file's that could not be read
   * @param failure what went wrong; empty if nothing did
   */
  record Story(String name, boolean skipped, String failure) {
    void verify() {
      assumeTrue(!skipped, name + ": skipped itself");
      if (!failure.isEmpty()) {
        throw new AssertionError(name + "\n" + failure);
      }
    }
  }

  /** Installs what the stories need, unless that was done, and begins. */
  static NodeStories begin(Map<String, String> environment) {
    Path folder = NodeFolder.prepare();
    List<String> words = new ArrayList<>();
    words.addAll(List.of("node", "--test", "--test-reporter=./reporter.mjs"));
    words.addAll(List.of("--test-reporter-destination=stdout"));
    words.add("--test-concurrency=" + FILES_AT_ONCE);
    words.add("--test-timeout=" + FILE_MILLIS_MAX);
    words.addAll(
        Stream.of(System.getProperty("page.stories", "").split(","))
            .filter(file -> !file.isBlank())
            .toList());
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      return new NodeStories(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("node cannot be run", e);
    }
  }

  /** Waits for each story in turn; can be had once. */
  Stream<Story> stream() {
    return lines.lines().map(this::read);
  }

  private Story read(String line) {
    try {
      JsonNode story = JSON.readTree(line);
      String failure = story.path("failure").asText();
      told++;
      allWell &= failure.isEmpty();
      return new Story(story.path("name").asText(), story.path("skipped").asBoolean(), failure);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a line of reporter.mjs: " + line, e);
    }
  }

  int told() {
    return told;
  }

  /** It says by its exit code whether all went well. */
  boolean endedAsTold() {
    try {
      return node.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS) && allWell == (node.exitValue() == 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** With its browsers. */
  @Override
  public void close() {
    List<ProcessHandle> browsers = node.descendants().toList();
    node.destroyForcibly();
    browsers.forEach(ProcessHandle::destroyForcibly);
  }
}
