package dev.writ.broker.http;

import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.broker.trace.Trace;
import dev.writ.broker.trace.Tracer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Takes a request from the event loop to a virtual thread and its answer back. */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final Executor workers;
  private final Observer observer;
  private final Tracer tracer;
  private final AtomicInteger running;
  private final int runningMax;

  Dispatcher(
      Executor workers, Observer observer, Tracer tracer, AtomicInteger running, int runningMax) {
    this.workers = workers;
    this.observer = observer;
    this.tracer = tracer;
    this.running = running;
    this.runningMax = runningMax;
  }

  void dispatch(RoutingContext context, Routes.Route route) {
    Body.read(
        context.request(),
        route.bodyMax(),
        body -> answer(context, route, body),
        status -> reject(context, status));
  }

  private void answer(RoutingContext context, Routes.Route route, byte[] body) {
    long began = System.nanoTime();
    String id = Uuids.next().toString();
    // First what can fail: what has been counted must be uncounted.
    Call call = call(context, body, id);
    if (running.incrementAndGet() > runningMax) {
      running.decrementAndGet();
      send(context, Problem.unavailable("This node is busy. Try again."), id, route.path(), began);
      return;
    }
    try {
      workers.execute(() -> {
        try {
          send(context, traced(route, call), id, route.path(), began);
        } finally {
          running.decrementAndGet();
        }
      });
    } catch (RejectedExecutionException closing) {
      running.decrementAndGet();
      send(context, Problem.unavailable("This node is stopping."), id, route.path(), began);
    }
  }

  /** A request that no endpoint sees. */
  void reject(RoutingContext context, int status) {
    reject(context.request(), Rejections.of(status));
  }

  /** What Netty or {@link Strictness} could not read: where the next request begins is unknown. */
  void invalid(HttpServerRequest request) {
    reject(request, Rejections.of(request.decoderResult().cause()));
    request.connection().close();
  }

  private void reject(HttpServerRequest request, Answer answer) {
    try (Trace trace = tracer.begin(method(request), "none", Optional.empty())) {
      trace.answered(answer.status());
    }
    send(request, answer, Uuids.next().toString(), "none", System.nanoTime());
  }

  void broken(RoutingContext context, @Nullable Throwable failure) {
    String id = Uuids.next().toString();
    MDC.put(LogFields.REQUEST, id);
    log.error("A request failed before its endpoint", failure);
    MDC.remove(LogFields.REQUEST);
    send(context, internalError(id), id, "none", System.nanoTime());
  }

  private Answer traced(Routes.Route route, Call call) {
    MDC.put(LogFields.REQUEST, call.id());
    MDC.put(LogFields.ROUTE, route.path());
    try (Trace trace = tracer.begin(route.method(), route.path(), call.header("traceparent"))) {
      trace.id().ifPresent(id -> MDC.put(LogFields.TRACE, id));
      Answer answer = answer(route.endpoint(), call);
      trace.answered(answer.status());
      log.debug("Answered {} with {}", route.method(), answer.status());
      return answer;
    } finally {
      MDC.clear();
    }
  }

  private static Answer answer(Endpoint endpoint, Call call) {
    if (holdsNul(call)) {
      return Problem.invalid("The path or the query holds a NUL character.");
    }
    try {
      return endpoint.answer(call);
    } catch (LedgerUnavailable | DatabaseUnavailable unavailable) {
      log.warn("Not available: {}", unavailable.getMessage());
      return Problem.unavailable(
          "The ledger is not available, so nothing was given out. Try again.");
    } catch (RuntimeException | Error broken) {
      log.error("Something is broken", broken);
      return internalError(call.id());
    }
  }

  /** No text in the database can hold a NUL, so nothing that holds one can be asked for. */
  private static boolean holdsNul(Call call) {
    return call.parameters().values().stream().anyMatch(Dispatcher::hasNul)
        || call.query().values().stream().flatMap(List::stream).anyMatch(Dispatcher::hasNul);
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }

  private static Answer internalError(String id) {
    return Problem.of(
        500,
        "internal",
        "Something is broken here. Ask the operator to look for request " + id + ".");
  }

  private void send(RoutingContext context, Answer answer, String id, String route, long began) {
    send(context.request(), answer, id, route, began);
  }

  private void send(HttpServerRequest request, Answer answer, String id, String route, long began) {
    HttpServerResponse response = request.response();
    observer.answered(method(request), route, answer.status(), System.nanoTime() - began);
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.putHeader("X-Request-Id", id);
    if (answer.body().length == 0) {
      response.end();
    } else {
      response.end(Buffer.buffer(answer.body()));
    }
  }

  /** One of a few: whoever counts by method must not be made to count what strangers invent. */
  private static String method(HttpServerRequest request) {
    String name = request.method().name();
    return METHODS.contains(name) ? name : "other";
  }

  private static Call call(RoutingContext context, byte[] body, String id) {
    HttpServerRequest request = context.request();
    InetAddress from = Server.peer(context).getAddress();
    return new Call(
        request.method().name(),
        context.normalizedPath(),
        Map.copyOf(context.pathParams()),
        values(context.queryParams(), false),
        values(request.headers(), true),
        body,
        certificates(request),
        from,
        id);
  }

  private static Map<String, List<String>> values(MultiMap entries, boolean lowerCase) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    entries.forEach((name, value) ->
        all.computeIfAbsent(
                lowerCase ? name.toLowerCase(Locale.ROOT) : name, n -> new ArrayList<>(1))
            .add(value));
    return all;
  }

  private static List<X509Certificate> certificates(HttpServerRequest request) {
    if (!request.isSSL()) {
      return List.of();
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : request.connection().peerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }
}
