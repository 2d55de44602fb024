package dev.writ.broker.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.trace.Tracer;
import dev.writ.fixtures.http.RawHttp;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Impatient, so that slow clients need not be waited for. */
@Execution(ExecutionMode.SAME_THREAD)
class ServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration NOW_AND_THEN = Duration.ofMillis(50);
  private static final String GET = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String POST = "POST /a HTTP/1.1\r\nHost: localhost\r\n";

  private static final Vertx VERTX = Vertx.vertx();
  private static final Set<String> COUNTED = ConcurrentHashMap.newKeySet();
  private static Server server;

  @BeforeAll
  static void start() {
    Routes routes =
        new Routes()
            .get("/a", call -> Answer.text(200, "text/plain", "a"))
            .post("/a", call -> Answer.text(200, "text/plain", call.text()));
    server =
        Server.start(
            VERTX,
            "localhost",
            0,
            null,
            routes,
            (method, route, status, nanos) -> COUNTED.add(method + " " + route + " " + status),
            Tracer.OFF,
            PATIENCE);
  }

  @AfterAll
  static void stop() {
    server.close();
    VERTX.close().await();
  }

  @AfterEach
  void it_still_serves() {
    try (RawHttp raw = connect()) {
      assertEquals("a", raw.write(GET).answer(SOON).expect(200).body());
    }
  }

  private static RawHttp connect() {
    return RawHttp.plain("localhost", server.port());
  }

  @Test
  void a_silent_connection_is_closed() {
    try (RawHttp raw = connect()) {
      assertTrue(raw.hangsUp(SOON));
    }
  }

  @Test
  void a_header_that_trickles_in_ends_the_connection_though_it_is_never_silent() {
    try (RawHttp raw = connect()) {
      assertFalse(raw.drip("GET /a HTTP/1.1\r\nX: " + "x".repeat(400), NOW_AND_THEN));
    }
  }

  @Test
  void a_body_that_trickles_in_ends_the_connection() {
    for (String framing :
        List.of("Content-Length: 500\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n1F4\r\n")) {
      try (RawHttp raw = connect()) {
        raw.write(POST + framing);
        assertFalse(raw.drip("x".repeat(400), NOW_AND_THEN));
      }
    }
  }

  @Test
  void a_body_for_nobody_that_trickles_in_ends_the_connection() {
    for (String line : List.of("POST /nothing", "PUT /a")) {
      try (RawHttp raw = connect()) {
        raw.write(line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n");
        assertFalse(raw.drip("x".repeat(400), NOW_AND_THEN));
      }
    }
  }

  @Test
  void whoever_asks_in_time_again_and_again_stays_connected() throws InterruptedException {
    try (RawHttp raw = connect()) {
      for (int i = 0; i < 10; i++) {
        assertEquals("a", raw.write(GET).answer(SOON).expect(200).body());
        Thread.sleep(PATIENCE.dividedBy(8));
      }
    }
  }

  @Test
  void invented_methods_are_counted_as_one() {
    try (RawHttp raw = connect()) {
      for (int i = 0; i < 20; i++) {
        raw.write("X" + i + GET.substring(3)).answer(SOON).expect(405);
      }
    }
    assertTrue(COUNTED.contains("other none 405"), COUNTED::toString);
    assertTrue(COUNTED.stream().noneMatch(one -> one.startsWith("X")), COUNTED::toString);
  }

  @Test
  void an_endpoint_that_breaks_says_nothing_of_the_inside() {
    Routes routes =
        new Routes()
            .get(
                "/a",
                call -> {
                  throw new IllegalStateException("secret");
                });
    try (Server broken =
            Server.start(VERTX, "localhost", 0, null, routes, (m, r, s, n) -> {}, Tracer.OFF, PATIENCE);
        RawHttp raw = RawHttp.plain("localhost", broken.port())) {
      String body = raw.write(GET).answer(SOON).expect(500).body();
      assertFalse(body.contains("secret") || body.contains("Exception"), body);
      assertEquals(500, raw.write(GET).answer(SOON).status());
    }
  }
}
