package dev.writ.broker.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that takes too long to send a request. The idle time-out alone would let a
 * client live on one byte now and then (slowloris). One instance per event loop, so no locks.
 */
final class Patience {
  /** The open connections of this event loop. */
  private static final ThreadLocal<Map<HttpConnection, Patience>> watched =
      ThreadLocal.withInitial(IdentityHashMap::new);

  private final Vertx vertx;
  private final HttpConnection connection;
  private final long millis;
  private long timer;

  private Patience(Vertx vertx, HttpConnection connection, Duration limit) {
    this.vertx = vertx;
    this.connection = connection;
    this.millis = limit.toMillis();
    expectRequest();
  }

  static void watch(Vertx vertx, HttpConnection connection, Duration limit) {
    Patience patience = new Patience(vertx, connection, limit);
    watched.get().put(connection, patience);
    connection.closeHandler(closed -> {
      vertx.cancelTimer(patience.timer);
      watched.get().remove(connection);
    });
  }

  /**
   * The header section is here: the body has the same time again, and so has the next request after
   * the answer.
   */
  static void requestBegan(RoutingContext context) {
    @Nullable Patience patience = watched.get().get(context.request().connection());
    if (patience != null) {
      patience.expectRequest();
      context.response().endHandler(sent -> patience.expectRequest());
    }
    context.next();
  }

  private void expectRequest() {
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(millis, late -> connection.close());
  }
}
