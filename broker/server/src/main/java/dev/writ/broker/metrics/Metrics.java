package dev.writ.broker.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One node's counters. Safe for use by many threads; counting costs no lock. */
public final class Metrics {
  /** The format of {@link #exposition()}. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();

  private final Counter requests =
      counter("writ_http_requests_total", "Answered requests", "method", "route", "status");
  private final Histogram requestSeconds =
      histogram("writ_http_request_seconds", "From the whole request to its answer", "route")
          .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5)
          .register(registry);

  private final Counter issued =
      counter("writ_tokens_issued_total", "Credentials that left, by kind of target", "target");
  private final Counter refused =
      counter(
          "writ_refusals_total",
          "Exchanges that were refused to agents whose key was proven",
          "error",
          "reason");
  private final Counter unauthenticated =
      counter(
          "writ_unauthenticated_total",
          "Requests of senders who could not prove who they are",
          "reason");

  private final Counter rows =
      counter(
          "writ_ledger_rows_total", "Rows that this node put on record, by what they say", "kind");
  private final Histogram appendSeconds =
      histogram(
              "writ_ledger_append_seconds",
              "From handing an exchange's row over to the verdict on it")
          .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1)
          .register(registry);
  private final Histogram batchRows =
      histogram("writ_ledger_batch_rows", "Rows of exchanges in one round trip")
          .classicUpperBounds(1, 2, 5, 10, 20, 50, 100, 200)
          .register(registry);
  private final Counter appendFailures =
      counter(
          "writ_ledger_append_failures_total",
          "Rows that got no verdict, so that nothing was issued for them",
          "reason");

  /** Looked up by every exchange: without a lookup of labels. */
  private final Map<String, CounterDataPoint> rowsByKind = new ConcurrentHashMap<>();

  private final Map<String, CounterDataPoint> issuedByTarget = new ConcurrentHashMap<>();
  private final Map<AppendFailure, CounterDataPoint> failures = new EnumMap<>(AppendFailure.class);

  public Metrics() {
    for (String target : List.of("internal", "github", "aws")) {
      issuedByTarget.put(target, issued.labelValues(target));
    }
    for (Unproven reason : Unproven.values()) {
      unauthenticated.initLabelValues(reason.word());
    }
    for (AppendFailure reason : AppendFailure.values()) {
      failures.put(reason, appendFailures.labelValues(reason.word()));
    }
  }

  /** Registers what the JVM says of itself, which takes a while. */
  public Metrics withJvm() {
    JvmMetrics.builder().register(registry);
    return this;
  }

  /** Where gauges are registered. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /**
   * A request was answered.
   *
   * @param method one of a few, {@code other} for the rest
   * @param route template of the path
   * @param nanos from the whole request to the answer
   */
  public void answered(String method, String route, int status, long nanos) {
    requests.labelValues(method, route, Integer.toString(status)).inc();
    requestSeconds.labelValues(route).observe(nanos / 1e9);
  }

  /**
   * A credential left.
   *
   * @param target internal, github or aws
   */
  public void issued(String target) {
    issuedByTarget.computeIfAbsent(target, issued::labelValues).inc();
  }

  /**
   * An exchange was refused to an agent whose key was proven.
   *
   * @param error the OAuth error code
   * @param reason the policy language's rule, or the {@code reason} that the answer gives
   */
  public void refused(String error, String reason) {
    refused.labelValues(error, reason).inc();
  }

  /** Somebody could not prove who they are. */
  public void unauthenticated(Unproven reason) {
    unauthenticated.labelValues(reason.word()).inc();
  }

  /**
   * A row is durable.
   *
   * @param kind as the ledger writes it
   */
  public void recorded(String kind) {
    rowsByKind.computeIfAbsent(kind, rows::labelValues).inc();
  }

  /** A round trip of the ledger's writer begins. */
  public void batch(int size) {
    batchRows.observe(size);
  }

  /**
   * There is a verdict on a row.
   *
   * @param nanos since it was handed over
   */
  public void judged(long nanos) {
    appendSeconds.observe(nanos / 1e9);
  }

  /** There is no verdict on a row. */
  public void unjudged(AppendFailure reason) {
    java.util.Objects.requireNonNull(failures.get(reason)).inc();
  }

  /** All metrics in Prometheus' text format. */
  public byte[] exposition() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.builder().build().write(text, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toByteArray();
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private static Histogram.Builder histogram(String name, String help, String... labels) {
    return Histogram.builder().name(name).help(help).labelNames(labels).classicOnly();
  }
}
