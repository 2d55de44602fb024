package dev.writ.broker;

import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.metrics.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;

/** The management port: health for whoever keeps the node running, metrics for Prometheus. */
final class Management {
  private final Health health;
  private final Metrics metrics;
  private final Gauges gauges;

  Management(Health health, Metrics metrics, Gauges gauges) {
    this.health = health;
    this.metrics = metrics;
    this.gauges = gauges;
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
    gauges.measure();
    return new Answer(200, Map.of("Content-Type", Metrics.CONTENT_TYPE), metrics.exposition());
  }
}
