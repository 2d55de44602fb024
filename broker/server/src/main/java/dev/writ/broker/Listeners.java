package dev.writ.broker;

import dev.writ.broker.config.Listen;
import dev.writ.broker.http.Routes;
import dev.writ.broker.http.Server;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.trace.Tracer;
import io.vertx.core.Vertx;
import java.time.Duration;

/** The ports that a node listens on. */
final class Listeners {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Opened opened;
  private final Vertx vertx;
  private final Listen listen;

  Listeners(Opened opened, Vertx vertx, Listen listen) {
    this.opened = opened;
    this.vertx = vertx;
    this.listen = listen;
  }

  /** Answers from now on; requests that are under way at the end are let finish. */
  void serve(Routes api, Server.Tls tls, Routes management, Metrics metrics) {
    Tracer tracer = opened.add(Tracer.of(System.getenv()));
    opened.add(
        Server.start(
            vertx,
            listen.managementHost(),
            listen.managementPort(),
            null,
            management,
            (method, route, status, nanos) -> {},
            Tracer.OFF));
    Server server =
        opened.add(
            Server.start(vertx, listen.host(), listen.port(), tls, api, metrics::answered, tracer));
    opened.add(() -> server.drain(DRAIN));
  }
}
