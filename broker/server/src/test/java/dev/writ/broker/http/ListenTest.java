package dev.writ.broker.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.broker.trace.Tracer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class ListenTest {
  @Test
  void says_which_address_it_cannot_listen_on() {
    Vertx vertx = Vertx.vertx();
    try (Server first = listen(vertx, 0)) {
      var refused =
          assertThrows(IllegalStateException.class, () -> listen(vertx, first.port()).close());

      assertEquals(
          "Cannot listen on 127.0.0.1:" + first.port() + ": Address already in use",
          refused.getMessage());
    } finally {
      vertx.close().await();
    }
  }

  private static Server listen(Vertx vertx, int port) {
    return Server.start(vertx, "127.0.0.1", port, null, new Routes(), (m, r, status, nanos) -> {}, Tracer.OFF);
  }
}
