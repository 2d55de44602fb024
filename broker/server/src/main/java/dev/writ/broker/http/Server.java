package dev.writ.broker.http;

import dev.writ.broker.trace.Tracer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One listening port. HTTP/1.1 only: HTTP/2 would bring stream resets and continuation floods, and
 * nothing that an agent's few requests could gain.
 */
public final class Server implements AutoCloseable {
  /** Bytes of a request's header section; beyond it 431. */
  static final int HEADER_MAX = 16 * 1024;

  /** Bytes of the request line; beyond it 414. */
  static final int LINE_MAX = 8 * 1024;

  /** Requests worked on at once by this node; beyond it 503. */
  static final int CONCURRENT_MAX = 4_096;

  /** How long a connection may be silent, or take to send one request. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** TLS of the port; absent for the management port. */
  public record Tls(X509KeyManager keys, X509TrustManager trust) {}

  private final Vertx vertx;
  private final Dispatcher dispatcher;
  private final Duration patience;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private volatile int port;

  private Server(Vertx vertx, Observer observer, Tracer tracer, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
    this.dispatcher =
        new Dispatcher(workers, observer, tracer, new AtomicInteger(), CONCURRENT_MAX);
  }

  /**
   * Listens.
   *
   * @param port 0 for any free one
   * @throws RuntimeException if the address cannot be bound; the message says which
   */
  public static Server start(
      Vertx vertx,
      String host,
      int port,
      @Nullable Tls tls,
      Routes routes,
      Observer observer,
      Tracer tracer) {
    return start(vertx, host, port, tls, routes, observer, tracer, PATIENCE);
  }

  /** The same with another patience, for tests that cannot wait. */
  static Server start(
      Vertx vertx,
      String host,
      int port,
      @Nullable Tls tls,
      Routes routes,
      Observer observer,
      Tracer tracer,
      Duration patience) {
    Server server = new Server(vertx, observer, tracer, patience);
    HttpServerOptions options = options(host, port, tls, patience);
    int instances = tls == null ? 1 : Runtime.getRuntime().availableProcessors();
    try {
      // The first instance finds the port, when any will do, and the others share it.
      server.deploy(options, routes, 1);
      server.deploy(options.setPort(server.port), routes, instances - 1);
    } catch (Exception failed) { // await() throws what failed as it is, checked or not
      server.close();
      throw new IllegalStateException(
          "Cannot listen on " + host + ":" + port + ": " + rootMessage(failed), failed);
    }
    return server;
  }

  /** The port that is listened on. */
  public int port() {
    return port;
  }

  /** Stops accepting, lets what runs finish for a while, then closes. */
  public void drain(Duration patience) {
    List<Future<Void>> closing =
        servers.stream().map(s -> s.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS)).toList();
    try {
      Future.all(closing).await(patience.toMillis() + 500, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException late) {
      // What still runs is cut off by close().
    }
  }

  @Override
  public void close() {
    servers.forEach(HttpServer::close);
    workers.shutdownNow();
  }

  private void deploy(HttpServerOptions options, Routes routes, int instances) {
    if (instances > 0) {
      HttpServerOptions own = new HttpServerOptions(options);
      vertx
          .deployVerticle(
              () -> new Listener(own, routes), new DeploymentOptions().setInstances(instances))
          .await();
    }
  }

  private static HttpServerOptions options(
      String host, int port, @Nullable Tls tls, Duration patience) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(HEADER_MAX)
            .setMaxInitialLineLength(LINE_MAX)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout((int) patience.toMillis())
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setTcpNoDelay(true);
    if (tls != null) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0))
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
          .setClientAuth(ClientAuth.REQUEST)
          .setSslHandshakeTimeout(10)
          .setKeyCertOptions(KeyCertOptions.wrap(tls.keys()))
          .setTrustOptions(TrustOptions.wrap(tls.trust()));
    }
    return options;
  }

  private static String rootMessage(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private final class Listener extends VerticleBase {
    private final HttpServerOptions options;
    private final Routes routes;

    Listener(HttpServerOptions options, Routes routes) {
      this.options = options;
      this.routes = routes;
    }

    @Override
    public Future<?> start() {
      HttpServer server =
          vertx
              .createHttpServer(options)
              .connectionHandler(this::watch)
              .invalidRequestHandler(dispatcher::invalid)
              .requestHandler(router());
      servers.add(server);
      return server.listen().onSuccess(bound -> port = bound.actualPort());
    }

    private Router router() {
      Router router = Router.router(vertx);
      router.route().handler(Patience::requestBegan).handler(this::onlyPlainTargets);
      for (Routes.Route route : routes.all()) {
        router
            .route(io.vertx.core.http.HttpMethod.valueOf(route.method()), route.path())
            .handler(context -> dispatcher.dispatch(context, route));
      }
      router.errorHandler(404, context -> dispatcher.reject(context, 404));
      router.errorHandler(405, context -> dispatcher.reject(context, 405));
      router.errorHandler(400, context -> dispatcher.reject(context, 400));
      router.errorHandler(500, Listener.this::broken);
      return router;
    }

    /**
     * A path with dots, double slashes or needless escapes has another spelling, by which a proxy
     * may have judged it.
     */
    private void onlyPlainTargets(RoutingContext context) {
      if (isPlain(context)) {
        context.next();
      } else {
        dispatcher.reject(context, 400);
      }
    }

    private boolean isPlain(RoutingContext context) {
      try {
        context.queryParams();
        return context.normalizedPath().equals(context.request().path());
      } catch (IllegalArgumentException | HttpException brokenEscape) {
        return false;
      }
    }

    private void broken(RoutingContext context) {
      dispatcher.broken(context, context.failure());
    }

    private void watch(HttpConnection connection) {
      Strictness.enforceOn(connection);
      Patience.watch(vertx, connection, patience);
    }
  }

  /** The address of the peer, for checks of loopback and for log lines. */
  static InetSocketAddress peer(RoutingContext context) {
    io.vertx.core.net.SocketAddress remote = context.request().remoteAddress();
    return new InetSocketAddress(remote.hostAddress(), remote.port());
  }
}
