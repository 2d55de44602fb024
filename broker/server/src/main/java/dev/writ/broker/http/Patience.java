package dev.writ.broker.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
  private final long limitNanos;

  /** {@link System#nanoTime} by which the next request must be there. */
  private long due;

  /** Not set anew for each request: when it fires too early it is set again. */
  private long timer;

  private Patience(Vertx vertx, HttpConnection connection, Duration limit) {
    this.vertx = vertx;
    this.connection = connection;
    this.limitNanos = limit.toNanos();
    expectRequest();
    check();
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
    due = System.nanoTime() + limitNanos;
  }

  private void check() {
    long left = due - System.nanoTime();
    if (left <= 0) {
      connection.close();
    } else {
      timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)), early -> check());
    }
  }
}
