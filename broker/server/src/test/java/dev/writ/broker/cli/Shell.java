package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;

/** Types command lines. Immutable. */
record Shell(
    Path directory,
    Map<String, String> environment,
    String input,
    Charset charset,
    ZoneId zone,
    boolean colour,
    Serving.Start broker) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Serving.Start NO_BROKER =
      config -> {
        throw new IllegalStateException("This test runs no broker.");
      };

  static Shell in(Path directory) {
    return new Shell(
        directory,
        Map.of(),
        "",
        StandardCharsets.UTF_8,
        ZoneId.of("Europe/Berlin"),
        false,
        NO_BROKER);
  }

  Shell environment(Map<String, String> variables) {
    return new Shell(directory, variables, input, charset, zone, colour, broker);
  }

  Shell input(String text) {
    return new Shell(directory, environment, text, charset, zone, colour, broker);
  }

  Shell charset(Charset other) {
    return new Shell(directory, environment, input, other, zone, colour, broker);
  }

  Shell zone(String id) {
    return new Shell(directory, environment, input, charset, ZoneId.of(id), colour, broker);
  }

  Shell inColour() {
    return new Shell(directory, environment, input, charset, zone, true, broker);
  }

  Shell broker(Serving.Start start) {
    return new Shell(directory, environment, input, charset, zone, colour, start);
  }

  /** How a command line ended. */
  record Ended(int code, byte[] outBytes, String out, String err) {
    JsonNode json() {
      try {
        return JSON.readTree(outBytes);
      } catch (IOException e) {
        throw new AssertionError("no JSON on standard output: " + out, e);
      }
    }

    @Override
    public String toString() {
      return "exit " + code + "\n" + out + err;
    }
  }

  Ended run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var surroundings =
        new Surroundings(
            environment,
            directory,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, charset),
            new PrintStream(err, true, charset),
            zone,
            colour);
    int code = new Cli(surroundings, broker).run(arguments);
    return new Ended(code, out.toByteArray(), out.toString(charset), err.toString(charset));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
