package dev.writ.broker.trace;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Spans by the OpenTelemetry SDK, configured by its standard environment variables. */
final class OpenTelemetryTracer implements Tracer {
  private static final Map<String, String> DEFAULTS =
      Map.of("otel.service.name", "writ", "otel.exporter.otlp.protocol", "http/protobuf");

  /** Metrics are Prometheus' here, and log lines go to standard error. */
  private static final Map<String, String> TRACES_ONLY =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  private final OpenTelemetrySdk sdk;
  private final io.opentelemetry.api.trace.Tracer tracer;

  private OpenTelemetryTracer(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer("dev.writ.broker");
  }

  static OpenTelemetryTracer start() {
    try {
      return new OpenTelemetryTracer(
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesCustomizer(configured -> TRACES_ONLY)
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException wrong) {
      Throwable why = wrong.getCause() == null ? wrong : wrong.getCause();
      throw new IllegalStateException(
          "Tracing cannot be set up as the OTEL_ variables say. Built in is the exporter otlp with the protocol"
              + " http/protobuf; OpenTelemetry says: "
              + why.getMessage(),
          wrong);
    }
  }

  /** Attributes are those of OpenTelemetry's HTTP conventions, without the path and the query. */
  @Override
  public Trace begin(String method, String route, Optional<String> traceparent) {
    boolean known = !method.equals("other");
    String name = known ? method : "HTTP";
    boolean routed = !route.equals("none");
    var span =
        tracer
            .spanBuilder(routed ? name + " " + route : name)
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent(traceparent))
            .setAttribute("http.request.method", known ? method : "_OTHER")
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
