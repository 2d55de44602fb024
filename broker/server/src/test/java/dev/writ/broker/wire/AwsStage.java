package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.s3.RadosGateway;
import dev.writ.fixtures.s3.S3Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose AWS is a real radosgw. What the broker asks of STS passes through here and is
 * written down; the issuer that STS reads is the broker's own, or a folder of exported files.
 */
final class AwsStage implements AutoCloseable {
  static final String ROLE = "arn:aws:iam:::role/agents";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final FakeServer sts = FakeServer.http(0, this::forward);
  private final FakeServer site = FakeServer.http(0, this::publish);
  private final Http http = Http.plain();
  private @Nullable TestBroker broker;
  private volatile Optional<Path> exported = Optional.empty();

  /** The section for the store, which is asked as if it were an account without a number. */
  TestBroker settingsFor(TestBroker plain, String sessionMin) {
    broker = plain;
    return plain.settings(() -> {
      s3().role("agents", issuer());
      return "aws: [ { account: \"\", sts: \"%s\", issuer: \"%s\", session-min: %s } ]\n"
          .formatted(sts.url(), issuer(), sessionMin);
    });
  }

  RadosGateway s3() {
    return RadosGateway.shared();
  }

  URI issuer() {
    return URI.create(site.url() + "/sts");
  }

  /** What STS was asked, oldest first. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  Call lastCall() {
    return calls.getLast();
  }

  /** The answer to a request that must not reach STS, nor leave anything in the ledger. */
  Reply asksNothing(Supplier<Reply> request) {
    int before = calls.size();
    Reply reply = owner().mintsNothing(request);
    assertEquals(before, calls.size(), "STS was asked");
    return reply;
  }

  /** From now on STS reads the files in this folder, and no broker. */
  void publishes(Path folder) {
    exported = Optional.of(folder);
  }

  /** From now on STS reads what the broker says. */
  void publishesLive() {
    exported = Optional.empty();
  }

  /** What came as {@code access_token}. */
  static S3Keys keys(Reply exchanged) {
    return S3Keys.of(json(exchanged.expect(200).text("access_token")));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON", e);
    }
  }

  private Answer forward(FakeServer.Request request) {
    if (!request.body().isEmpty()) {
      calls.add(form(request.body()));
    }
    Reply reply =
        http.send(
            request.method(),
            URI.create(s3().url() + request.path()),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            request.body());
    return new Answer.Whole(
        reply.status(), Map.of("Content-Type", "application/xml"), reply.body());
  }

  /** What STS was asked once. */
  record Call(Map<String, String> parameters) {

    /** Empty where it was not sent. */
    String get(String name) {
      return parameters.getOrDefault(name, "");
    }

    int size() {
      return parameters.size();
    }

    /** One is a token. */
    @Override
    public String toString() {
      return "Call" + parameters.keySet();
    }
  }

  static Call form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String one : body.split("&")) {
      int equals = one.indexOf('=');
      form.put(
          one.substring(0, equals),
          URLDecoder.decode(one.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return new Call(form);
  }

  private Answer publish(FakeServer.Request request) {
    if (exported.isPresent()) {
      return Answer.json(200, file(exported.get(), request.path()));
    }
    Reply reply = owner().anybody().get(URI.create(owner().url() + request.path()));
    return Answer.json(
        reply.status(), reply.body().replace(owner().url() + "/sts", issuer().toString()));
  }

  private static String file(Path folder, String path) {
    try {
      return Files.readString(folder.resolve(path.substring("/sts/".length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestBroker owner() {
    if (broker == null) {
      throw new IllegalStateException("there is no broker yet");
    }
    return broker;
  }

  @Override
  public void close() {
    http.close();
    sts.close();
    site.close();
  }
}
