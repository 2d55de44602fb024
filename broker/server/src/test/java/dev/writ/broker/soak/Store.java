package dev.writ.broker.soak;

import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.s3.RadosGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A radosgw whose STS can be away while its S3 is not, and the exported files that it trusts. */
final class Store implements AutoCloseable {
  static final String ROLE = "arn:aws:iam:::role/soak";

  private final RadosGateway s3 = RadosGateway.shared();
  private final Http http = Http.plain();
  private final FakeServer sts = FakeServer.http(0, this::forward);
  private final FakeServer site = FakeServer.http(0, this::publish);
  private final Path exported;
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger missed = new AtomicInteger();
  private volatile boolean away;

  /**
   * @param exported where the issuer's files are going to be
   */
  Store(Path exported) {
    this.exported = exported;
    s3.role("soak", issuer());
    s3.put("work", "in/a.txt", "from the store");
  }

  URI s3() {
    return s3.url();
  }

  URI issuer() {
    return URI.create(site.url() + "/sts");
  }

  /** The section of {@code writ.yaml}; sessions as short as radosgw lets them be. */
  String section() {
    return "aws: [ { account: \"\", sts: \"%s\", issuer: \"%s\", session-min: 1s } ]\n"
        .formatted(sts.url(), issuer());
  }

  void away(boolean now) {
    away = now;
  }

  int sessions() {
    return sessions.get();
  }

  /** How often STS was asked while it was away. */
  int missed() {
    return missed.get();
  }

  private Answer forward(FakeServer.Request request) {
    if (away) {
      missed.incrementAndGet();
      return new Answer.Whole(503, Map.of(), "away");
    }
    Reply reply =
        http.send(
            request.method(),
            URI.create(s3.url() + request.path()),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            request.body());
    if (reply.status() == 200) {
      sessions.incrementAndGet();
    }
    return new Answer.Whole(
        reply.status(), Map.of("Content-Type", "application/xml"), reply.body());
  }

  private Answer publish(FakeServer.Request request) {
    try {
      return Answer.json(
          200, Files.readString(exported.resolve(request.path().substring("/sts/".length()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    sts.close();
    site.close();
  }
}
