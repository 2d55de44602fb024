package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.FakeServer.Request;
import dev.writ.fixtures.keys.TestCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A broker that answers what it was told to, over TLS, and remembers what it was asked. */
final class TestBroker implements AutoCloseable {
  static final String TOKEN = "operator-token-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestCa ca = TestCa.create("test broker");
  private final FakeServer server = FakeServer.https(0, ca.localhost(), this::answer);
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Path folder;

  TestBroker(Path folder) {
    this.folder = folder;
    write("bundle.pem", ca.pem());
    write("token", TOKEN + "\n");
  }

  private Answer answer(Request request) {
    requests.add(request);
    String key = request.method() + " " + request.path();
    String withQuery = request.query().isEmpty() ? key : key + "?" + request.query();
    return answers.getOrDefault(
        withQuery, answers.getOrDefault(key, Answer.json(404, "{\"detail\":\"no " + key + "\"}")));
  }

  /** Answers {@code GET /path} or {@code POST /path}; with its query, if that matters. */
  TestBroker on(String request, int status, String json) {
    answers.put(request, Answer.json(status, json));
    return this;
  }

  TestBroker on(String request, Answer answer) {
    answers.put(request, answer);
    return this;
  }

  List<Request> requests() {
    return requests;
  }

  Request lastRequest() {
    return requests.getLast();
  }

  JsonNode lastBody() {
    try {
      return JSON.readTree(lastRequest().body());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + lastRequest().body(), e);
    }
  }

  URI url() {
    return server.url();
  }

  /** What a shell would have exported to find this broker. */
  Map<String, String> environment() {
    return Map.of(
        "WRIT_URL", url().toString(),
        "WRIT_CA", folder.resolve("bundle.pem").toString(),
        "WRIT_TOKEN_FILE", folder.resolve("token").toString());
  }

  Path write(String file, String content) {
    try {
      return Files.writeString(folder.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
