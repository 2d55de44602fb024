package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.writ.broker.config.ConfigReader;
import dev.writ.document.Parsed;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1alpha2.TLSRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as Helm renders it, judged by Kubernetes' description and by the broker. */
class ChartTest {
  private static final String LEAST =
      """
      image: { repository: writ }
      config:
        issuer: https://writ.example
        database: { url: "postgresql://db.internal/writ?sslmode=verify-full" }
      """;
  private static final String MOST =
      """
      image: { repository: images.internal/writ, digest: "sha256:%s", pullSecrets: [ { name: pull } ] }
      replicas: 5
      config:
        issuer: https://writ.example
        trust-domain: agents.example
        database: { url: "postgresql://db1,db2/writ?sslrootcert=/etc/writ/trust/db.pem", user: broker }
        launchers: [ { name: keycloak, issuer: "https://kc.example/realms/acme", audience: writ, ca: /etc/writ/trust/kc.pem } ]
        admins: [ "keycloak/group:security" ]
        github: [ { api: "https://api.github.com", app-id: "12345", key: "file:/etc/writ/secrets/github-app/app.pem", accounts: [ acme ] } ]
        keys: { root: "vault:transit/root", publish-ahead: 48h }
        limits: { agent-lifetime: 12h }
      secrets: { tls: writ-tls, more: [ github-app ] }
      trust: authorities
      service: { type: LoadBalancer, annotations: { a: b } }
      ingress: { enabled: true, className: nginx, annotations: { nginx.ingress.kubernetes.io/ssl-passthrough: "true" } }
      tlsRoute: { enabled: true, parentRefs: [ { name: gateway, sectionName: tls } ] }
      networkPolicy: { monitoring: [ { namespaceSelector: { matchLabels: { team: sre } } } ] }
      podAnnotations: { c: d }
      nodeSelector: { e: f }
      tolerations: [ { key: g, operator: Exists } ]
      affinity: { nodeAffinity: {} }
      """
          .formatted("0".repeat(64));

  private static final Path SCHEMA = Chart.FOLDER.resolve("values.schema.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DRAIN_SECONDS = 15;

  @TempDir Path folder;

  private static List<HasMetadata> rendered(String values) {
    return Chart.render(values).stream().map(KubernetesObjects::read).toList();
  }

  private static <T extends HasMetadata> T only(Class<T> type, String values) {
    List<T> found = rendered(values).stream().filter(type::isInstance).map(type::cast).toList();
    assertEquals(1, found.size(), type::getSimpleName);
    return found.getFirst();
  }

  private static List<PodSpec> pods(String values) {
    return List.of(
        only(Deployment.class, values).getSpec().getTemplate().getSpec(),
        only(Job.class, values).getSpec().getTemplate().getSpec());
  }

  @Test
  void helm_finds_nothing_to_complain_about() throws IOException {
    Path copy =
        folder.resolve("writ"); // lint reads values.yaml alone, which lacks what has to be said
    Program.of(folder, "cp", "-r", Chart.FOLDER.toString(), copy.toString()).run().expectDone();
    String values = Repository.text(copy.resolve("values.yaml"));
    Files.writeString(
        copy.resolve("values.yaml"),
        values
            .replace("repository: \"\"", "repository: writ")
            .replace("issuer: \"\"", "issuer: https://writ.example")
            .replace("url: \"\"", "url: postgresql://db/writ"));

    var lint = new Helm(copy).lint().strict().call();

    assertFalse(lint.isFailed(), () -> lint.getMessages().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {LEAST, ""})
  void kubernetes_knows_every_field(String values) {
    Set<String> kinds =
        rendered(values.isEmpty() ? MOST : values).stream()
            .map(HasMetadata::getKind)
            .collect(Collectors.toCollection(TreeSet::new));

    assertTrue(kinds.containsAll(Set.of("Deployment", "Service", "Job", "NetworkPolicy")));
    assertEquals(values.isEmpty(), kinds.contains("TLSRoute"));
    assertEquals(values.isEmpty(), kinds.contains("Ingress"));
  }

  @Test
  void a_field_that_kubernetes_does_not_know_would_be_noticed() {
    Map<String, Object> object =
        Map.of("apiVersion", "v1", "kind", "ServiceAccount", "automount", true);

    assertThrows(AssertionError.class, () -> KubernetesObjects.read(object));
  }

  @ParameterizedTest
  @ValueSource(strings = {LEAST, ""})
  void the_broker_takes_the_configuration_and_so_does_the_migration(String values)
      throws IOException {
    List<ConfigMap> configs =
        rendered(values.isEmpty() ? MOST : values).stream()
            .filter(ConfigMap.class::isInstance)
            .map(ConfigMap.class::cast)
            .toList();

    assertEquals(2, configs.size());
    assertEquals(configs.get(0).getData(), configs.get(1).getData());
    Path file = folder.resolve("writ.yaml");
    Files.writeString(file, configs.getFirst().getData().get("writ.yaml"));
    switch (new ConfigReader(folder, Map.of(), Map.of()).read(file)) {
      case Parsed.Valid<dev.writ.broker.config.Config>(var config) -> {
        assertEquals("0.0.0.0", config.listen().managementHost());
        assertEquals(8443, config.listen().port());
        assertEquals(Path.of("/var/lib/writ"), config.data());
        assertEquals(
            Path.of("/etc/writ/database/password"),
            config.database().orElseThrow().passwordFile().orElseThrow());
        assertEquals(values.isEmpty(), config.listen().tls().isPresent());
        assertEquals(
            values.isEmpty() ? "vault" : "file",
            config.keys().root().getFirst().scheme(),
            "keys.root");
        assertEquals("file", config.keys().envelope().scheme(), "keys.envelope");
      }
      case Parsed.Invalid<dev.writ.broker.config.Config> invalid ->
          throw new AssertionError(invalid.report());
    }
  }

  @Test
  void every_pod_is_without_rights() {
    for (PodSpec pod : pods(MOST)) {
      assertEquals(false, pod.getAutomountServiceAccountToken());
      assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
      assertTrue(pod.getSecurityContext().getRunAsUser() > 0);
      assertEquals("RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
      for (Container container : pod.getContainers()) {
        var security = container.getSecurityContext();
        assertEquals(true, security.getReadOnlyRootFilesystem());
        assertEquals(false, security.getAllowPrivilegeEscalation());
        assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
        assertTrue(container.getResources().getLimits().containsKey("memory"));
      }
    }
    assertEquals(false, only(ServiceAccount.class, LEAST).getAutomountServiceAccountToken());
  }

  /**
   * Kubernetes shows a Secret to a user who is not root as the group's; the broker takes that, and
   * no more.
   */
  @Test
  void secrets_come_by_reference_as_files_that_others_cannot_read() {
    for (PodSpec pod : pods(MOST)) {
      pod.getVolumes().stream()
          .filter(volume -> volume.getSecret() != null)
          .forEach(volume -> assertEquals(0440, volume.getSecret().getDefaultMode()));
      pod.getContainers().stream()
          .flatMap(container -> container.getEnv().stream())
          .forEach(variable -> assertEquals("JDK_JAVA_OPTIONS", variable.getName()));
    }
    assertTrue(rendered(MOST).stream().noneMatch(one -> one.getKind().equals("Secret")));
  }

  @Test
  void a_node_has_the_time_that_it_needs_to_drain() {
    PodSpec pod = only(Deployment.class, LEAST).getSpec().getTemplate().getSpec();
    long before =
        pod.getContainers().getFirst().getLifecycle().getPreStop().getSleep().getSeconds();

    assertTrue(pod.getTerminationGracePeriodSeconds() > before + DRAIN_SECONDS);
  }

  @Test
  void an_upgrade_never_leaves_less_nodes_than_before() {
    Deployment deployment = only(Deployment.class, LEAST);

    assertEquals(2, deployment.getSpec().getReplicas());
    assertEquals(
        0, deployment.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable().getIntVal());
    assertEquals(
        1, only(PodDisruptionBudget.class, LEAST).getSpec().getMaxUnavailable().getIntVal());
    assertEquals(
        deployment.getSpec().getSelector(),
        only(PodDisruptionBudget.class, LEAST).getSpec().getSelector());
  }

  @Test
  void the_schema_is_migrated_before_any_node_starts() {
    Job job = only(Job.class, LEAST);

    assertEquals("pre-install,pre-upgrade", job.getMetadata().getAnnotations().get("helm.sh/hook"));
    assertEquals(
        List.of("migrate", "--config", "/etc/writ/config/writ.yaml"),
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs());
    assertEquals(
        "prod-migration",
        job.getSpec().getTemplate().getSpec().getVolumes().getFirst().getConfigMap().getName());
    assertTrue(
        rendered(LEAST + "migration: { enabled: false }\n").stream()
            .noneMatch(Job.class::isInstance));
  }

  @Test
  void services_and_policies_choose_the_brokers_and_not_the_migration() {
    Map<String, String> brokers =
        only(Deployment.class, LEAST).getSpec().getTemplate().getMetadata().getLabels();
    Map<String, String> migration =
        only(Job.class, LEAST).getSpec().getTemplate().getMetadata().getLabels();
    for (Map<String, String> selector :
        List.of(
            only(Service.class, LEAST).getSpec().getSelector(),
            only(NetworkPolicy.class, LEAST).getSpec().getPodSelector().getMatchLabels())) {
      assertTrue(brokers.entrySet().containsAll(selector.entrySet()));
      assertFalse(migration.entrySet().containsAll(selector.entrySet()));
    }
  }

  @Test
  void probes_ask_the_management_port_which_only_monitoring_may_reach_besides() {
    Container broker =
        only(Deployment.class, LEAST).getSpec().getTemplate().getSpec().getContainers().getFirst();

    assertEquals("/health/live", broker.getLivenessProbe().getHttpGet().getPath());
    assertEquals("/health/ready", broker.getReadinessProbe().getHttpGet().getPath());
    assertEquals("management", broker.getReadinessProbe().getHttpGet().getPort().getStrVal());
    assertEquals(1, only(NetworkPolicy.class, LEAST).getSpec().getIngress().size());
    assertEquals(
        Map.of("team", "sre"),
        only(NetworkPolicy.class, MOST)
            .getSpec()
            .getIngress()
            .get(1)
            .getFrom()
            .getFirst()
            .getNamespaceSelector()
            .getMatchLabels());
  }

  @Test
  void tls_is_passed_through_or_refused() {
    assertEquals(List.of("writ.example"), only(TLSRoute.class, MOST).getSpec().getHostnames());
    assertEquals(
        "writ.example", only(Ingress.class, MOST).getSpec().getRules().getFirst().getHost());
    refused("TLS passthrough", LEAST + "ingress: { enabled: true }\n");
    refused("parentRefs", LEAST + "tlsRoute: { enabled: true }\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replica: 3",
        "replicas: 1",
        "secrets: { database: db, password: hunter2 }",
        "secrets: { database: { password: hunter2 } }",
        "image: { repository: writ, digest: latest }",
        "networkPolicy: { egress: [] }",
        "config: { listen: { port: 1 } }",
        "config: { data: /elsewhere }",
        "config: { issuer: \"http://writ.example\" }",
        "config: { database: { url: \"postgresql://writ:hunter2@db/writ\" } }",
        "config: { database: { password: hunter2 } }",
        "config: { keys: { root: \"file:/tmp/root.pem\" } }"
      })
  void values_that_mean_nothing_or_would_hold_a_secret_are_refused(String more) {
    assertThrows(RuntimeException.class, () -> Chart.render(LEAST, more));
    JsonNode defaults =
        JSON.valueToTree(Yaml.map(Repository.text(Chart.FOLDER.resolve("values.yaml"))));
    JsonNode least = merge(defaults, JSON.valueToTree(Yaml.map(LEAST)));
    assertEquals(List.of(), judged(least));
    JsonNode merged = merge(least.deepCopy(), JSON.valueToTree(Yaml.map(more)));
    assertFalse(judged(merged).isEmpty(), more);
  }

  @Test
  void keys_are_somewhere() {
    refused("config.keys", LEAST + "secrets: { keys: \"\" }\n");

    String vault =
        "config: { keys: { root: \"vault:a\", envelope: \"vault:b\" } }\nsecrets: { keys: \"\" }\n";
    assertTrue(
        Chart.render(LEAST, vault).stream()
            .map(KubernetesObjects::read)
            .filter(Deployment.class::isInstance)
            .map(Deployment.class::cast)
            .flatMap(one -> one.getSpec().getTemplate().getSpec().getVolumes().stream())
            .noneMatch(volume -> volume.getName().equals("keys")));
  }

  @Test
  void the_chart_lets_say_what_a_broker_understands_and_it_alone_cannot_know() throws IOException {
    Set<String> chart = new TreeSet<>();
    JSON.readTree(SCHEMA.toFile())
        .at("/properties/config/properties")
        .fieldNames()
        .forEachRemaining(chart::add);
    Set<String> broker = new TreeSet<>();
    JSON.readTree(
            Repository.ROOT
                .resolve("broker/server/src/main/resources/dev/writ/broker/config/writ.schema.json")
                .toFile())
        .get("properties")
        .fieldNames()
        .forEachRemaining(broker::add);
    broker.removeAll(Set.of("listen", "data"));

    assertEquals(broker, chart);
  }

  @Test
  void every_default_is_in_the_schema_which_refuses_everything_else() throws IOException {
    JsonNode schema = JSON.readTree(SCHEMA.toFile());
    Set<String> known = new TreeSet<>();
    schema.get("properties").fieldNames().forEachRemaining(known::add);
    known.remove("global");

    assertEquals(
        known,
        new TreeSet<>(Yaml.map(Repository.text(Chart.FOLDER.resolve("values.yaml"))).keySet()));
    assertFalse(schema.get("additionalProperties").asBoolean(true));
  }

  private static void refused(String why, String values) {
    RuntimeException refusal = assertThrows(RuntimeException.class, () -> Chart.render(values));
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal::toString);
  }

  private static List<String> judged(JsonNode values) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(Repository.text(SCHEMA))
        .validate(values.toString(), com.networknt.schema.InputFormat.JSON)
        .stream()
        .map(Object::toString)
        .toList();
  }

  private static JsonNode merge(JsonNode base, JsonNode more) {
    try {
      return JSON.readerForUpdating(base).readValue(more);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
