package dev.writ.broker.client;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The script with a state directory of its own. It is a copy whose first line names the shell to
 * try, so that what it starts of itself runs under that shell, too. Immutable.
 */
public final class AgentScript {
  static final Path SOURCE = Path.of("../client/writ-agent").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 90;

  private final Path script;
  private final Path folder;
  private final Map<String, String> environment;

  private AgentScript(Path script, Path folder, Map<String, String> environment) {
    this.script = script;
    this.folder = folder;
    this.environment = environment;
  }

  /** How a run ended. */
  public record Ended(int code, String out, String err) {
    public JsonNode json() {
      return AgentScript.json(out);
    }
  }

  /** In a folder whose name has what shells stumble over. */
  static AgentScript under(Sh shell, Path parent, LocalBroker broker) {
    return under(shell, parent)
        .env("WRIT_URL", broker.url())
        .env("WRIT_CA", broker.ca().toString());
  }

  public static AgentScript under(Sh shell, Path parent) {
    Optional<String> interpreter = shell.interpreter();
    assumeTrue(interpreter.isPresent(), shell + " is not installed");
    try {
      Path folder = Files.createDirectories(parent.resolve("an agent's: " + shell));
      Path script = folder.resolve("writ-agent");
      String text = Files.readString(SOURCE).replaceFirst("#!/bin/sh", "#!" + interpreter.get());
      Files.writeString(script, text);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
      var environment =
          new TreeMap<>(Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()));
      environment.put("WRIT_AGENT_DIR", folder.resolve("state").toString());
      return new AgentScript(script, folder, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public AgentScript env(String name, String value) {
    var more = new TreeMap<>(environment);
    more.put(name, value);
    return new AgentScript(script, folder, more);
  }

  /** With a program of this name found before the machine's own. */
  AgentScript withProgram(String name, String text) {
    try {
      Path bin = Files.createTempDirectory("writ-bin-"); // its folder has a colon in its name
      Path program = Files.writeString(bin.resolve(name), text);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      return env("PATH", bin + ":" + environment.get("PATH"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  public Path state(String file) {
    return folder.resolve("state").resolve(file);
  }

  public Ended run(String... arguments) {
    return runWith("", arguments);
  }

  public Ended runWith(String input, String... arguments) {
    return end(start(input, arguments));
  }

  /** A run under way; its output goes to files. */
  public record Running(Process process, Path out, Path err) {
    public String outSoFar() {
      return read(out);
    }
  }

  public Running start(String input, String... arguments) {
    List<String> words = new ArrayList<>(List.of(script.toString()));
    words.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(folder, "out", "");
      Path err = Files.createTempFile(folder, "err", "");
      ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // it did not read all
      }
      return new Running(process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Ended end(Running running) {
    try {
      if (!running.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        running.process().descendants().forEach(ProcessHandle::destroyForcibly);
        running.process().destroyForcibly();
        throw new AssertionError("it did not end: " + read(running.out()) + read(running.err()));
      }
      return new Ended(running.process().exitValue(), read(running.out()), read(running.err()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What programs find after a failure. */
  JsonNode refusal() {
    return json(read(state("refusal.json")));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
