package dev.writ.broker.trace;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Spans by the OpenTelemetry SDK, configured by its standard environment variables. */
final class OpenTelemetryTracer implements Tracer {
  private static final Map<String, String> DEFAULTS =
      Map.of("otel.service.name", "writ", "otel.exporter.otlp.protocol", "http/protobuf");

  /** Metrics are Prometheus' here, and log lines go to standard error. */
  private static final Map<String, String> TRACES_ONLY =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  /** A request line can name any method. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final OpenTelemetrySdk sdk;
  private final io.opentelemetry.api.trace.Tracer tracer;

  private OpenTelemetryTracer(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer("dev.writ.broker");
  }

  static OpenTelemetryTracer start() {
    return new OpenTelemetryTracer(
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(() -> DEFAULTS)
            .addPropertiesCustomizer(configured -> TRACES_ONLY)
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk());
  }

  /** Attributes are those of OpenTelemetry's HTTP conventions, without the path and the query. */
  @Override
  public Trace begin(String method, String route, Optional<String> traceparent) {
    String known = METHODS.contains(method) ? method : "_OTHER";
    String name = known.equals("_OTHER") ? "HTTP" : known;
    boolean routed = !route.equals("none");
    var span =
        tracer
            .spanBuilder(routed ? name + " " + route : name)
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent(traceparent))
            .setAttribute("http.request.method", known)
            .setAttribute("url.scheme", "https");
    if (routed) {
      span.setAttribute("http.route", route);
    }
    return new OpenTelemetryTrace(tracer, span.startSpan()).enter();
  }

  /** Of what a caller sends only the ids are taken: its {@code tracestate} may hold anything. */
  private static Context parent(Optional<String> traceparent) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), traceparent, TRACEPARENT);
  }

  private static final TextMapGetter<Optional<String>> TRACEPARENT =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Optional<String> traceparent) {
          return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable Optional<String> traceparent, String key) {
          return traceparent != null && key.equals("traceparent") ? traceparent.orElse(null) : null;
        }
      };

  @Override
  public void close() {
    sdk.getSdkTracerProvider().shutdown().join(2, TimeUnit.SECONDS);
  }
}
