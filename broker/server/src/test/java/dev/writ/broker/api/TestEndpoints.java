package dev.writ.broker.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.access.Bindings;
import dev.writ.broker.access.Caller;
import dev.writ.broker.access.Launchers;
import dev.writ.broker.access.OperatorToken;
import dev.writ.broker.agent.AgentCache;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.OwnerBook;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.exchange.Authenticator;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.owner.OwnersReader;
import dev.writ.broker.store.Database;
import dev.writ.broker.token.DpopProofs;
import dev.writ.broker.token.JwtSvids;
import dev.writ.broker.trust.ClientCertificates;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.broker.writ.TestWrits;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What endpoints are made of, on a database of the test's own. Ada answers for {@code group:ops}.
 */
final class TestEndpoints {
  static final String ISSUER = "https://broker.example";
  static final TrustDomain DOMAIN = new TrustDomain("writ.local");
  static final Known ADMIN = person("root", "security");
  static final Known AUDITOR = person("eve", "audit");
  static final Known STRANGER = person("mallory");

  /** A member of the owning group. */
  static final Known OWNER = person("ada", "ops");

  static final Known LAUNCHER =
      new Known(new Caller.Workload("keycloak", "orchestrator", Set.of()), Optional.empty());

  private static final String OWNERS =
      """
      users: [ ada ]
      groups:
        - name: ops
          members: [ ada ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  final Database database;
  final TestWrits writs;
  final Acts acts;
  final Snapshots snapshots;
  final Callers callers;
  final Rights rights =
      new Rights(Set.of("keycloak/group:security"), Set.of("keycloak/group:audit"));

  TestEndpoints(Database database) {
    this.database = database;
    this.writs = new TestWrits(database);
    this.acts = writs.acts();
    TokenKeys tokenKeys = keys(KeySlot.TOKEN);
    tokenKeys.upkeep(acts);
    TokenKeys stsKeys = keys(KeySlot.STS);
    stsKeys.upkeep(acts);
    new OwnerBook(acts).apply(OwnersReader.yaml(OWNERS).orElseThrow(), "operator", "");
    this.snapshots = new Snapshots(database, tokenKeys, stsKeys, Bounds.DEFAULT, Map.of());
    this.callers = callers();
  }

  private static TokenKeys keys(KeySlot slot) {
    return new TokenKeys(
        slot,
        TestKeys.sealer(),
        new KeySchedule.Timing(Duration.ofHours(24), Duration.ofHours(1)),
        Duration.ofDays(30));
  }

  private Callers callers() {
    Clock clock = Clock.systemUTC();
    JwtSvids svids = new JwtSvids(ISSUER, DOMAIN, () -> snapshots.current().tokenKeys());
    ClientCertificates certificates = new ClientCertificates(DOMAIN, List.of(), id -> false);
    Authenticator agents =
        new Authenticator(
            () -> certificates, svids, new DpopProofs(ISSUER), new AgentCache(database), clock);
    Launchers launchers =
        new Launchers(List.of(), Optional.empty(), new Bindings(database, acts), clock);
    return new Callers(
        launchers, operatorToken(), agents, snapshots, database, new Strangers(new Metrics()));
  }

  private static OperatorToken operatorToken() {
    try {
      return OperatorToken.at(Path.of("target", "operator-token-" + UUID.randomUUID()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a policy in force, behind the ledger's back; before the first look at the snapshot. */
  void publish(String yaml) {
    Policy policy = Policy.yaml(yaml, Bounds.DEFAULT).orElseThrow();
    database.inTransaction(session -> {
      session.update(
          "INSERT INTO policy VALUES (?, 7, ?, 'operator', '', now())",
          policy.name().toString(),
          policy.toJson());
      return session.update(
          "INSERT INTO policy_head VALUES (?, 7, false, 0)", policy.name().toString());
    });
  }

  static Known person(String name, String... groups) {
    return new Known(new Caller.Person("keycloak", name, Set.of(groups)), Optional.empty());
  }

  static Known agent(UUID id) {
    return new Known(new Caller.OfAgent(id), Optional.empty());
  }

  static Call get(Map<String, String> query) {
    return call(Map.of(), query, Map.of(), "");
  }

  static Call at(String id) {
    return call(Map.of("id", id), Map.of(), Map.of(), "");
  }

  static Call form(String body) {
    return call(
        Map.of(),
        Map.of(),
        Map.of("content-type", List.of("application/x-www-form-urlencoded")),
        body);
  }

  private static Call call(
      Map<String, String> parameters,
      Map<String, String> query,
      Map<String, List<String>> headers,
      String body) {
    Map<String, List<String>> values =
        query.entrySet().stream()
            .collect(
                java.util.stream.Collectors.toMap(
                    Map.Entry::getKey, entry -> List.of(entry.getValue())));
    return new Call(
        "GET",
        "/",
        parameters,
        values,
        headers,
        body.getBytes(StandardCharsets.UTF_8),
        List.of(),
        InetAddress.getLoopbackAddress(),
        "test");
  }

  static JsonNode json(Answer answer) {
    return json(new String(answer.body(), StandardCharsets.UTF_8));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
