package dev.writ.vault;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a real server answered in one test, request by request, as WireMock's stub mappings: played
 * back only in the same order, to the same requests. Tokens and secret ids are left out of what is
 * written; so are data keys, which the test gets others for.
 */
final class Tape implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("src/test/resources/recordings");
  private static final Set<String> SECRETS =
      Set.of("client_token", "accessor", "secret_id", "secret_id_accessor", "plaintext", "token");

  private final WireMockServer server = new WireMockServer(options().dynamicPort());
  private final boolean recording;

  private Tape(boolean recording) {
    this.recording = recording;
    server.start();
  }

  /** In front of a real server. */
  static Tape record(URI real) {
    Tape tape = new Tape(true);
    tape.server.stubFor(any(anyUrl()).willReturn(aResponse().proxiedFrom(real.toString())));
    return tape;
  }

  static Tape play() {
    return new Tape(false);
  }

  URI address() {
    return URI.create(server.baseUrl());
  }

  void begin(String test) {
    server.resetRequests();
    if (!recording) {
      server.resetMappings();
      server.resetScenarios();
      try {
        JsonNode stubs = JSON.readTree(file(test).toFile()).path("mappings");
        stubs.forEach(stub -> server.addStubMapping(StubMapping.buildFrom(stub.toString())));
      } catch (IOException e) {
        throw new UncheckedIOException("no recording of " + test + ": run with -Drecord", e);
      }
    }
  }

  /** Writes what was heard; when playing, fails on a request that was not on the tape. */
  void end(String test) {
    if (!recording) {
      List<String> unknown =
          server.findAllUnmatchedRequests().stream()
              .map(request ->
                  request.getMethod() + " " + request.getUrl() + " " + request.getBodyAsString())
              .toList();
      if (!unknown.isEmpty()) {
        throw new AssertionError("not as recorded; record anew with -Drecord: " + unknown);
      }
      return;
    }
    List<ServeEvent> events = new ArrayList<>(server.getAllServeEvents());
    Collections.reverse(events);
    Map<String, String> secrets = new LinkedHashMap<>();
    ObjectNode file = JSON.createObjectNode();
    ArrayNode mappings = file.putArray("mappings");
    for (int i = 0; i < events.size(); i++) {
      mappings.add(mapping(test, i, events.get(i), secrets));
    }
    try {
      Files.createDirectories(FOLDER);
      String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file);
      for (Map.Entry<String, String> secret : secrets.entrySet()) {
        text = text.replace(secret.getKey(), secret.getValue());
      }
      Files.writeString(file(test), text + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(String test) {
    return FOLDER.resolve(test + ".json");
  }

  private static ObjectNode mapping(
      String test, int number, ServeEvent event, Map<String, String> secrets) {
    ObjectNode mapping = JSON.createObjectNode();
    mapping.put("scenarioName", test);
    mapping.put("requiredScenarioState", number == 0 ? "Started" : "after " + number);
    mapping.put("newScenarioState", "after " + (number + 1));
    ObjectNode request = mapping.putObject("request");
    String url = event.getRequest().getUrl();
    request.put("method", event.getRequest().getMethod().getName());
    request.put("url", url);
    String body = event.getRequest().getBodyAsString();
    if (!body.isEmpty() && !isNeverTheSame(url)) {
      request.putArray("bodyPatterns").addObject().put("equalToJson", body);
    }
    ObjectNode response = mapping.putObject("response");
    response.put("status", event.getResponse().getStatus());
    String answer = event.getResponse().getBodyAsString();
    if (!answer.isEmpty()) {
      response.put("body", answer);
      response.putObject("headers").put("Content-Type", "application/json");
      collect(answer, secrets);
    }
    return mapping;
  }

  /** What logs in is fresh each time, and so is a key that verifies it. */
  private static boolean isNeverTheSame(String url) {
    return url.endsWith("/login") || url.matches("/v1/auth/.*/config");
  }

  private static void collect(String answer, Map<String, String> secrets) {
    try {
      collect(JSON.readTree(answer), secrets);
    } catch (IOException notJson) {
      // Nothing of ours is in it.
    }
  }

  private static void collect(JsonNode node, Map<String, String> secrets) {
    node.properties()
        .forEach(member -> {
          if (SECRETS.contains(member.getKey()) && !member.getValue().asText().isEmpty()) {
            secrets.computeIfAbsent(
                member.getValue().asText(), secret -> replacement(member.getKey(), secrets.size()));
          }
          collect(member.getValue(), secrets);
        });
    if (node.isArray()) {
      node.forEach(item -> collect(item, secrets));
    }
  }

  /** A data key has to be one, too: 32 bytes in base64. */
  private static String replacement(String member, int number) {
    return member.equals("plaintext")
        ? java.util.Base64.getEncoder()
            .encodeToString(
                "this data key is no secret %05d"
                    .formatted(number)
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII))
        : "recorded-%s-%d".formatted(member.replace('_', '-'), number);
  }

  @Override
  public void close() {
    server.stop();
  }
}
