package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests as their bytes, written by hand. */
final class Raw {
  /** How long an answer may take. */
  static final Duration SOON = Duration.ofSeconds(10);

  static final String JWKS = "GET /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private Raw() {}

  /** The head of a form to the token endpoint, to which headers and the empty line are added. */
  static String tokenHead() {
    return "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
  }

  /** A whole POST. */
  static String post(String path, String headers, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, length, body);
  }

  /** What bytes are answered with, on a connection of their own. */
  static Reply answer(TestBroker broker, String bytes) {
    try (RawHttp raw = RawHttp.connect(broker.url(), broker.bundle())) {
      return raw.write(bytes).answer(SOON);
    }
  }

  /** Bytes that are refused with words, give out nothing, and end the connection. */
  static void refusedAndClosed(TestBroker broker, int status, String bytes) {
    Refused.by(
        broker,
        () -> {
          try (RawHttp raw = RawHttp.connect(broker.url(), broker.bundle())) {
            Reply reply = raw.write(bytes).answer(SOON);
            assertEquals(status, reply.status(), () -> shown(bytes) + " gave " + reply);
            assertEquals("", raw.readAll(SOON), () -> "more was answered: " + shown(bytes));
            assertTrue(raw.hangsUp(SOON), () -> "still open: " + shown(bytes));
            return reply;
          }
        });
  }

  /** A connection that was refused something and can be used further. */
  static void refusedAndOpen(TestBroker broker, int status, String bytes) {
    Refused.by(
        broker,
        () -> {
          try (RawHttp raw = RawHttp.connect(broker.url(), broker.bundle())) {
            Reply reply = raw.write(bytes).answer(SOON);
            assertEquals(status, reply.status(), () -> shown(bytes) + " gave " + reply);
            raw.write(JWKS).answer(SOON).expect(200);
            return reply;
          }
        });
  }

  private static String shown(String bytes) {
    String text = bytes.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
