package dev.writ.broker.trace;

import java.util.Map;
import java.util.Optional;

/** Begins a trace, or a caller's next span, for each request. */
public interface Tracer extends AutoCloseable {

  /** Traces nothing. */
  Tracer OFF =
      new Tracer() {
        @Override
        public Trace begin(String method, String route, Optional<String> traceparent) {
          return Trace.NONE;
        }

        @Override
        public void close() {}
      };

  /**
   * Begins the server span of a request on the thread that answers it, and ends it there.
   *
   * @param method one of a few, {@code other} for the rest
   * @param route template of the path, or {@code none} if there is no such route
   * @param traceparent as the caller sent it (W3C Trace Context section 3.2); what is malformed
   *     counts as absent
   */
  Trace begin(String method, String route, Optional<String> traceparent);

  /** Sends what is left, for two seconds at most. */
  @Override
  void close();

  /**
   * As the environment says: {@code OTEL_TRACES_EXPORTER} or an OTLP endpoint turns tracing on,
   * {@code OTEL_SDK_DISABLED=true} or the exporter {@code none} off.
   *
   * @throws RuntimeException if it says something impossible; the message says what
   */
  static Tracer of(Map<String, String> environment) {
    return isOn(environment) ? OpenTelemetryTracer.start() : OFF;
  }

  private static boolean isOn(Map<String, String> environment) {
    if (environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")) {
      return false;
    }
    String exporter = environment.getOrDefault("OTEL_TRACES_EXPORTER", "");
    if (!exporter.isEmpty()) {
      return !exporter.equals("none");
    }
    return !environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "").isEmpty()
        || !environment.getOrDefault("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "").isEmpty();
  }
}
