package dev.writ.broker.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.trace.Tracer;
import dev.writ.fixtures.http.RawHttp;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Impatient, so that slow clients need not be waited for. */
class ServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
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
    server = start(routes, PATIENCE);
  }

  private static Server start(Routes routes, Duration patience) {
    return Server.start(
        VERTX,
        "localhost",
        0,
        null,
        routes,
        (method, route, status, nanos) -> COUNTED.add(method + " " + route + " " + status),
        Tracer.OFF,
        patience);
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

  private static boolean readToItsEnd(String beginning, String trickle) {
    try (RawHttp raw = connect()) {
      return raw.write(beginning).drip(trickle, NOW_AND_THEN);
    }
  }

  @Test
  void slow_clients_are_cut_off_though_they_are_never_silent() throws Exception {
    String body = "x".repeat(200);
    Map<String, String> slow =
        Map.of(
            "a header", "GET /a HTTP/1.1\r\nX: ",
            "a body", POST + "Content-Length: 500\r\n\r\n",
            "a chunk", POST + "Transfer-Encoding: chunked\r\n\r\n1F4\r\n",
            "a body for no path", POST.replace("/a", "/b") + "Content-Length: 500\r\n\r\n",
            "a body for no method", POST.replace("POST", "PUT") + "Content-Length: 500\r\n\r\n");
    Map<String, Future<Boolean>> clients = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.forEach((what, beginning) ->
          clients.put(what, threads.submit(() -> readToItsEnd(beginning, body))));
      for (Map.Entry<String, Future<Boolean>> client : clients.entrySet()) {
        assertFalse(client.getValue().get(), client.getKey());
      }
    }
  }

  @Test
  void a_silent_connection_is_closed() {
    try (RawHttp raw = connect()) {
      assertTrue(raw.hangsUp(SOON));
    }
  }

  @Test
  void whoever_asks_in_time_again_and_again_stays_connected() throws InterruptedException {
    Duration patience = Duration.ofSeconds(3);
    try (Server patient = start(new Routes().get("/a", call -> Answer.empty(200)), patience);
        RawHttp raw = RawHttp.plain("localhost", patient.port())) {
      for (int i = 0; i < 9; i++) {
        raw.write(GET).answer(SOON).expect(200);
        Thread.sleep(patience.dividedBy(8));
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
    try (Server broken = start(routes, PATIENCE);
        RawHttp raw = RawHttp.plain("localhost", broken.port())) {
      String body = raw.write(GET).answer(SOON).expect(500).body();
      assertFalse(body.contains("secret") || body.contains("Exception"), body);
      assertEquals(500, raw.write(GET).answer(SOON).status());
    }
  }
}
