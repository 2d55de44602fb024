package dev.writ.broker;

import dev.writ.broker.agent.Alarms;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.doctor.IssuerWatch;
import dev.writ.broker.exchange.Leftovers;
import dev.writ.broker.exchange.OpenIntents;
import dev.writ.broker.github.GitHubQuota;
import dev.writ.broker.keycloak.RealmFeeds;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.ledger.SeenHead;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseHealth;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.broker.writ.Revocations;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How a node is now, for Prometheus: read from its parts when it is asked. */
final class Gauges {

  /** What is looked at. */
  record Parts(
      Health health,
      Database database,
      Snapshots snapshots,
      RealmFeeds realms,
      Sources sources,
      SeenHead seen,
      OpenIntents intents,
      Leftovers leftovers,
      Alarms alarms,
      NodeIdentity identity,
      List<TokenKeys> keys,
      KeyWatch watch,
      GitHubQuota quota,
      IssuerWatch issuers) {}

  private final Parts parts;
  private final PrometheusRegistry registry;
  private final Gauge databaseReady;
  private final Gauge clockOffset;
  private final Gauge revocationsLate;
  private final Gauge sourceAge;

  private Gauges(Parts parts, PrometheusRegistry registry) {
    this.parts = parts;
    this.registry = registry;
    this.databaseReady =
        set(
            "writ_database_ready",
            "1 if the database answers, takes writes and agrees on the time");
    this.clockOffset =
        set(
            "writ_database_clock_offset_seconds",
            "The database's clock minus this node's; NaN while it does not answer");
    this.revocationsLate =
        set(
            "writ_revocations_late",
            "Credentials whose end a target has not confirmed yet; NaN while the database is away");
    this.sourceAge =
        Gauge.builder()
            .name("writ_source_age_seconds")
            .help(
                "Since the realm last confirmed what it administers; nothing for what no realm does")
            .labelNames("source")
            .register(registry);
  }

  /** Registers all gauges; what costs a round trip waits for {@link #measure}. */
  static Gauges register(Metrics metrics, Parts parts) {
    Gauges gauges = new Gauges(parts, metrics.registry());
    gauges.build();
    gauges.ledger();
    gauges.authority();
    gauges.sources();
    gauges.keys();
    gauges.targets();
    gauges.issuers();
    return gauges;
  }

  /** Asks the database; called before each scrape. */
  void measure() {
    DatabaseHealth health = parts.database.health();
    databaseReady.set(health instanceof DatabaseHealth.Ready ? 1 : 0);
    clockOffset.set(
        switch (health) {
          case DatabaseHealth.Ready(Duration offset) -> seconds(offset);
          case DatabaseHealth.ClockOff(Duration offset) -> seconds(offset);
          case DatabaseHealth.ReadOnly _, DatabaseHealth.Unreachable _ -> Double.NaN;
        });
    revocationsLate.set(health instanceof DatabaseHealth.Ready ? late() : Double.NaN);
    for (SourceKind kind : SourceKind.values()) {
      age(kind);
    }
  }

  private void age(SourceKind kind) {
    try {
      parts
          .sources
          .inForce(kind)
          .ifPresentOrElse(
              source -> sourceAge.labelValues(kind.word()).set(seconds(source.age())),
              () -> sourceAge.remove(kind.word()));
    } catch (DatabaseUnavailable gone) {
      sourceAge.remove(kind.word());
    }
  }

  private double late() {
    try {
      return parts.database.autoCommit(Revocations::late);
    } catch (DatabaseUnavailable gone) {
      return Double.NaN;
    }
  }

  private void build() {
    Info.builder()
        .name("writ_build_info")
        .help("The version that runs")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version());
    CounterWithCallback.builder()
        .name("writ_log_lines_suppressed_total")
        .help("Log lines that were left out because requests caused too many of their kind")
        .callback(counter -> counter.call(LogLimit.suppressed()))
        .register(registry);
  }

  private void ledger() {
    read(
        "writ_ledger_rows_waiting",
        "Rows that wait for the ledger's writer",
        parts.health::rowsWaiting);
    read(
        "writ_ledger_sequence",
        "The highest row of the ledger that this node saw",
        parts.seen::sequence);
    read(
        "writ_ledger_lost",
        "1 if the database has lost rows that this node saw: nothing is issued",
        () -> parts.seen.lost() ? 1 : 0);
    read("writ_intents_open", "Targets that are being asked now", parts.intents::count);
    read(
        "writ_leftovers",
        "Credentials that could not be put on record and wait to be ended",
        parts.leftovers::count);
    GaugeWithCallback.builder()
        .name("writ_database_connections")
        .help("Connections to the database")
        .labelNames("state")
        .callback(gauge -> {
          Database.PoolUse use = parts.database.poolUse();
          gauge.call(use.active(), "active");
          gauge.call(use.open(), "open");
          gauge.call(use.max(), "max");
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("writ_alarms_total")
        .help("Signs that somebody else holds an agent's key or enrolment token")
        .callback(counter -> counter.call(parts.alarms.raised()))
        .register(registry);
  }

  private void targets() {
    GaugeWithCallback.builder()
        .name("writ_github_quota_remaining")
        .help(
            "Requests left in the hour by GitHub's last answer; no account: those of the App itself")
        .labelNames("app", "account")
        .callback(gauge ->
            parts
                .quota
                .seen()
                .forEach(seen -> gauge.call(seen.remaining(), seen.app(), seen.account())))
        .register(registry);
  }

  private void issuers() {
    GaugeWithCallback.builder()
        .name("writ_sts_issuer_behind")
        .help(
            "1 if what is published at a separate STS issuer lacks a key that signs or will sign; NaN if that cannot be read")
        .labelNames("issuer")
        .callback(gauge ->
            parts
                .issuers
                .behind()
                .forEach((issuer, behind) -> gauge.call(behind, issuer.toString())))
        .register(registry);
  }

  private void authority() {
    read(
        "writ_authority_sequence",
        "Ledger row of the last change to policies, owners or keys that this node judges by",
        () -> parts.snapshots.current().sequence());
    read("writ_policies", "Policies in force", () -> parts.snapshots.current().policies().size());
    read(
        "writ_files_broken",
        "Policy and owner files whose last good version is kept because they are broken",
        parts.health::filesBroken);
  }

  private void sources() {
    GaugeWithCallback.builder()
        .name("writ_source_troubles")
        .help("What is wrong with what a realm says; its last good version is kept")
        .labelNames("source")
        .callback(gauge ->
            parts.realms.troubled().forEach((kind, count) -> gauge.call(count, kind.word())))
        .register(registry);
  }

  private void keys() {
    perSlot(
        "writ_key_since_timestamp_seconds",
        "Since when the slot's current key signs",
        keys -> seconds(schedule(keys).current().since()));
    perSlot(
        "writ_key_successor_published_timestamp_seconds",
        "Since when the slot's next key is published; NaN if there is none",
        keys -> schedule(keys).next().map(next -> seconds(next.publishedAt())).orElse(Double.NaN));
    perSlot(
        "writ_key_rotation_due_timestamp_seconds",
        "From when on the slot's next key should sign",
        keys -> seconds(keys.dueAt(schedule(keys))));
    perKey("writ_key_age_seconds", "Since the key that is used is used", () -> parts.watch.ages());
    perKey(
        "writ_key_next_rotation_seconds",
        "Until the key is to be replaced, negative if that is overdue; nothing where people do it",
        () -> parts.watch.untilRotation());
    perKey(
        "writ_key_trouble",
        "1 if something keeps the key from being used or replaced",
        () -> parts.watch.troubles());
    GaugeWithCallback.builder()
        .name("writ_certificate_not_after_timestamp_seconds")
        .help("When the certificates end that this node shows or issues under")
        .labelNames("certificate")
        .callback(
            gauge -> parts.identity.ends().forEach((name, end) -> gauge.call(seconds(end), name)))
        .register(registry);
  }

  private KeySchedule schedule(TokenKeys keys) {
    return parts.snapshots.current().keys(keys.slot()).schedule();
  }

  private void perSlot(String name, String help, ToDoubleFunction<TokenKeys> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("slot")
        .callback(gauge ->
            parts.keys.forEach(keys -> gauge.call(value.applyAsDouble(keys), keys.slot().id())))
        .register(registry);
  }

  private void perKey(String name, String help, Supplier<List<KeyWatch.Reading>> readings) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key")
        .callback(gauge -> readings.get().forEach(one -> gauge.call(one.value(), one.key())))
        .register(registry);
  }

  private void read(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }

  private Gauge set(String name, String help) {
    return Gauge.builder().name(name).help(help).register(registry);
  }

  private static String version() {
    String version = Gauges.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / 1e3;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
