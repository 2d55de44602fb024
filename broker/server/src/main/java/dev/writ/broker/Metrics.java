package dev.writ.broker;

import dev.writ.broker.github.GitHubQuota;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Observer;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The management port: health for whoever keeps the node running, metrics for Prometheus. */
final class Metrics implements Observer {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Health health;
  private final Counter requests =
      Counter.builder()
          .name("writ_http_requests_total")
          .help("Answered requests")
          .labelNames("method", "route", "status")
          .register(registry);
  private final Histogram seconds =
      Histogram.builder()
          .name("writ_http_request_seconds")
          .help("From the whole request to its answer")
          .labelNames("route")
          .classicOnly()
          .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5)
          .register(registry);

  Metrics(Health health) {
    this.health = health;
    JvmMetrics.builder().register(registry);
    GaugeWithCallback.builder()
        .name("writ_ledger_rows_waiting")
        .help("Rows that wait for the ledger's writer")
        .callback(gauge -> gauge.call(health.rowsWaiting()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("writ_files_broken")
        .help("Policy and owner files whose last good version is kept because they are broken")
        .callback(gauge -> gauge.call(health.filesBroken()))
        .register(registry);
  }

  /** What GitHub said last of its quotas; Apps and accounts are those configured. */
  Metrics gitHub(GitHubQuota quota) {
    GaugeWithCallback.builder()
        .name("writ_github_quota_remaining")
        .help(
            "Requests left in the hour by GitHub's last answer; no account: those of the App itself")
        .labelNames("app", "account")
        .callback(gauge ->
            quota.seen().forEach(seen -> gauge.call(seen.remaining(), seen.app(), seen.account())))
        .register(registry);
    return this;
  }

  @Override
  public void answered(String method, String route, int status, long nanos) {
    requests.labelValues(method, route, Integer.toString(status)).inc();
    seconds.labelValues(route).observe(nanos / 1e9);
  }

  Routes routes() {
    return new Routes()
        .get("/health/live", call -> Answer.json(Map.of("status", "UP")))
        .get("/health/ready", call -> ready())
        .get("/metrics", call -> exposition());
  }

  private Answer ready() {
    Health.Report report = health.report();
    if (!report.ready()) {
      return Problem.of(503, "not-ready", "This node is not ready.", report.details());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "UP");
    body.putAll(report.details());
    return Answer.json(body);
  }

  private Answer exposition() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.builder().build().write(text, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new Answer(
        200, Map.of("Content-Type", PrometheusTextFormatWriter.CONTENT_TYPE), text.toByteArray());
  }
}
