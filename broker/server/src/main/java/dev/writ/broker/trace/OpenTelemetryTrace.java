package dev.writ.broker.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.UUID;

/** A server span, and under it the spans of its steps. */
final class OpenTelemetryTrace extends Trace {
  private final Tracer tracer;
  private final Span server;
  private Span open;

  OpenTelemetryTrace(Tracer tracer, Span server) {
    this.tracer = tracer;
    this.server = server;
    this.open = server;
  }

  @Override
  public Optional<String> id() {
    return Optional.of(server.getSpanContext().getTraceId());
  }

  @Override
  public void answered(int status) {
    server.setAttribute("http.response.status_code", status);
    if (status >= 500) {
      server.setAttribute("error.type", Integer.toString(status)).setStatus(StatusCode.ERROR);
    }
  }

  @Override
  Step begin(String name) {
    Span above = open;
    Span step = tracer.spanBuilder(name).setParent(Context.root().with(above)).startSpan();
    open = step;
    return () -> {
      open = above;
      step.end();
    };
  }

  @Override
  void from(UUID agent) {
    server.setAttribute("writ.agent", agent.toString());
  }

  @Override
  void end() {
    server.end();
  }
}
