package dev.writ.broker.config;

import static dev.writ.broker.config.Reading.file;
import static dev.writ.broker.config.Reading.read;
import static dev.writ.broker.config.Reading.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.policy.LaunchRule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  static final String WHOLE =
      """
      issuer: https://writ.example:8444
      trust-domain: agents.example
      listen: { host: 0.0.0.0, port: 8444, management-host: 0.0.0.0, management-port: 9001, tls: { certificate: tls.pem, key: "file:tls.key" } }
      data: ./state
      database: { url: "postgresql://db1,db2:5433/writ", user: broker, password: "file:secrets/db" }
      proxy: http://proxy.example:3128
      policies: { keycloak: { realm-url: "https://kc.example/realms/acme", client-id: writ, key: "file:kc.pem", ca: kc-ca.pem }, replaces: "https://kc.example/realms/old/" }
      owners: { file: people.yaml }
      launchers: [ { name: keycloak, issuer: "https://kc.example/realms/acme", audience: writ, ca: kc-ca.pem, clients: { orchestrator: "a-sub" } } ]
      platforms: [ { issuer: "https://token.actions.githubusercontent.com" } ]
      admins: [ "keycloak/group:security" ]
      auditors: [ "keycloak/group:audit" ]
      resource-servers: [ { principal: "keycloak/client:deploy", audience: "https://deploy.internal" } ]
      keys: { root: "vault:transit/root", envelope: "pkcs11:token=writ", checkpoint: "file:checkpoint.pem", publish-ahead: 48h }
      vault: { address: "https://vault.internal:8200", namespace: team/writ, ca: vault-ca.pem, timeout: 3s, login: { approle: { role-id: writ, secret-id: "file:secrets/vault", mount: brokers } } }
      github: [ { api: "https://ghe.example:8443/api/v3", app-id: "12345", key: "file:app.pem", accounts: [ acme ], ca: ghe.pem } ]
      aws:
        - { account: "123456789012", sts: "https://sts.eu-central-1.amazonaws.com", issuer: "https://ids.example/sts", session-min: 900s }
        - { account: "", sts: "http://127.0.0.1:8000", session-min: 60s }
      limits: { agent-lifetime: 12h, svid-lifetime: 30m, credential-lifetime: 15m, agents-per-launcher: 5, policy-max-age: 1h }
      """;

  @TempDir Path folder;

  @Test
  void has_the_documented_defaults_when_nothing_is_said() {
    Config config = valid(read(folder, Map.of(), Map.of()));

    assertEquals(URI.create("https://localhost:8443"), config.issuer());
    assertTrue(config.issuerIsDefault());
    assertEquals(new TrustDomain("localhost"), config.trustDomain());
    assertEquals(
        new Listen("127.0.0.1", 8443, "127.0.0.1", 9000, Optional.empty()), config.listen());
    assertEquals(folder.resolve("data"), config.data());
    assertEquals(Optional.empty(), config.database());
    assertEquals(new Source.Local(folder.resolve("policies"), true), config.policies());
    assertEquals(new Source.Local(folder.resolve("owners.yaml"), true), config.owners());
    assertEquals(
        new Keys(
            List.of(KeyRef.defaultFile(folder.resolve("data/keys/root.pem"))),
            KeyRef.defaultFile(folder.resolve("data/keys/envelope.key")),
            List.of(KeyRef.defaultFile(folder.resolve("data/keys/checkpoint.pem"))),
            Duration.ofHours(24),
            Map.of("token", Duration.ofDays(30), "sts", Duration.ofDays(30))),
        config.keys());
    assertEquals(
        new Limits(
            Duration.ofHours(24),
            Duration.ofHours(1),
            Duration.ofHours(1),
            10_000,
            Duration.ofHours(24)),
        config.limits());
    assertEquals(Set.of(), config.admins());
  }

  @Test
  void reads_every_key_of_the_file() throws Exception {
    Config config = valid(file(folder, WHOLE));

    assertEquals(URI.create("https://writ.example:8444"), config.issuer());
    assertEquals(new TrustDomain("agents.example"), config.trustDomain());
    assertEquals(
        new Listen(
            "0.0.0.0",
            8444,
            "0.0.0.0",
            9001,
            Optional.of(
                new Listen.Tls(folder.resolve("tls.pem"), KeyRef.parse("file:tls.key", folder)))),
        config.listen());
    assertEquals(folder.resolve("state"), config.data());
    ExternalDatabase database = config.database().orElseThrow();
    assertEquals("postgresql://db1:5432,db2:5433/writ", database.address().address());
    assertEquals("broker", database.address().user());
    assertEquals(Optional.of(folder.resolve("secrets/db")), database.passwordFile());
    assertEquals(Map.of("sslmode", "verify-full"), database.address().parameters());
    assertEquals(Optional.of(URI.create("http://proxy.example:3128")), config.proxy());
    assertEquals(
        new Source.Keycloak(
            URI.create("https://kc.example/realms/acme"),
            "writ",
            KeyRef.parse("file:kc.pem", folder),
            Optional.of(folder.resolve("kc-ca.pem")),
            Optional.of(URI.create("https://kc.example/realms/old"))),
        config.policies());
    assertEquals(new Source.Local(folder.resolve("people.yaml"), false), config.owners());
    assertEquals(
        List.of(
            new Launcher(
                "keycloak",
                URI.create("https://kc.example/realms/acme"),
                "writ",
                Optional.of(folder.resolve("kc-ca.pem")),
                Map.of("orchestrator", "a-sub"))),
        config.launchers());
    assertEquals(
        List.of(
            new Platform(
                URI.create("https://token.actions.githubusercontent.com"), Optional.empty())),
        config.platforms());
    assertEquals(Set.of(by("keycloak/group:security")), config.admins());
    assertEquals(Set.of(by("keycloak/group:audit")), config.auditors());
    assertEquals(
        List.of(new ResourceServer(by("keycloak/client:deploy"), "https://deploy.internal")),
        config.resourceServers());
    assertEquals("vault", config.keys().root().getFirst().scheme());
    assertEquals(
        Optional.of(
            new VaultSettings(
                URI.create("https://vault.internal:8200"),
                Optional.of("team/writ"),
                Optional.of(folder.resolve("vault-ca.pem")),
                Duration.ofSeconds(3),
                new VaultSettings.AppRole("writ", folder.resolve("secrets/vault"), "brokers"))),
        config.vault());
    assertEquals(Duration.ofHours(48), config.keys().publishAhead());
    assertEquals("ghe.example:8443", config.github().getFirst().gitHost());
    assertEquals(
        new AwsAccount(
            "",
            URI.create("http://127.0.0.1:8000"),
            Optional.empty(),
            Duration.ofSeconds(60),
            Optional.empty()),
        config.aws().getLast());
    assertEquals(5, config.limits().agentsPerLauncher());
  }

  @Test
  void lets_a_flag_win_over_a_variable_and_a_variable_over_the_file() throws Exception {
    Files.writeString(
        folder.resolve("writ.yaml"),
        "listen: { port: 1, management-port: 2, host: \"::1\" }\ndata: filed\n");

    Config config =
        valid(
            read(
                folder,
                Map.of(
                    "WRIT_LISTEN_PORT",
                    "11",
                    "WRIT_LISTEN_MANAGEMENT_PORT",
                    "12",
                    "WRIT_DATA",
                    "said"),
                Map.of("listen.port", "21")));

    assertEquals(21, config.listen().port());
    assertEquals(12, config.listen().managementPort());
    assertEquals("::1", config.listen().host());
    assertEquals(folder.resolve("said"), config.data());
  }

  @Test
  void takes_lists_from_variables_as_json_or_yaml() {
    Config config =
        valid(
            read(
                folder,
                Map.of(
                    "WRIT_LAUNCHERS",
                    "[{\"name\":\"kc\",\"issuer\":\"https://kc.example\",\"audience\":\"writ\"}]",
                    "WRIT_ADMINS",
                    "[ \"kc/group:security\", kc/user:ada ]",
                    "WRIT_UNKNOWN",
                    "is no error"),
                Map.of()));

    assertEquals(Set.of(by("kc/group:security"), by("kc/user:ada")), config.admins());
  }

  @Test
  void reads_paths_relative_to_the_file_that_says_them_and_flags_relative_to_where_one_stands()
      throws Exception {
    Path below = Files.createDirectory(folder.resolve("etc"));
    Files.writeString(below.resolve("writ.yaml"), "data: d\nowners: { file: o.yaml }\n");

    Config config =
        valid(
            new ConfigReader(folder, Map.of(), Map.of("data", "here"))
                .read(Path.of("etc/writ.yaml")));

    assertEquals(folder.resolve("here"), config.data());
    assertEquals(new Source.Local(below.resolve("o.yaml"), false), config.owners());
    assertEquals(new Source.Local(below.resolve("policies"), true), config.policies());
  }

  @Test
  void reports_all_problems_of_all_sources_with_their_places() throws Exception {
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        issuer: http://localhost:8443
        isuer: x
        listen: { prot: 1, host: "a b" }
        limits: { agent-lifetime: 0s, agents-per-launcher: 0 }
        github: [ { app-id: 12345, key: app.pem, accounts: [] } ]
        """);

    List<String> problems =
        read(folder, Map.of("WRIT_ADMINS", "[ nobody ]"), Map.of("listen.port", "65536"))
            .problems()
            .stream()
            .map(Problem::toString)
            .toList();

    assertEquals(
        """
        --port: expected a whole number from 0 to 65535, got the number 65536
        WRIT_ADMINS, line 1, column 3: expected <launcher>/user:x, <launcher>/group:x or <launcher>/client:x, got "nobody"
        writ.yaml, line 1, column 9: expected an https URL without user, query and fragment, got "http://localhost:8443"
        writ.yaml, line 2, column 1: unknown key "isuer"; did you mean "issuer"?
        writ.yaml, line 3, column 11: unknown key "prot"; did you mean "port"?
        writ.yaml, line 3, column 26: expected a host name or IP address, got "a b"
        writ.yaml, line 4, column 27: expected 1s to 365d, got 0s
        writ.yaml, line 4, column 52: expected a whole number from 1 to 1000000, got the number 0
        writ.yaml, line 5, column 21: expected a GitHub App's id in quotes, such as "12345", got the number 12345; put it in quotes if text is meant
        writ.yaml, line 5, column 33: expected a key named by file:, vault: or pkcs11:, such as file:root.pem
        writ.yaml, line 5, column 52: expected at least one account
        """,
        String.join("\n", problems).replace(folder + "/", "") + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "issuer: https://writ.example/ | without a path or a final /",
        "issuer: https://writ.example/x | without a path or a final /",
        "issuer: https://user@writ.example | without user, query and fragment",
        "issuer: https://writ.example?x | without user, query and fragment",
        "issuer: https://127.0.0.1:8443 | its host is the default trust-domain",
        "trust-domain: my_domain | has a _",
        "trust-domain: Writ.Local | lower-case DNS name",
        "listen: { port: 9000 } | must differ, both are 9000",
        "listen: { tls: { certificate: x } } | needs both",
        "database: { user: x } | without database.url this means nothing",
        "database: { url: mysql://x/y } | is not a PostgreSQL URL",
        "database: { url: postgresql://x } | names no database",
        "database: { url: postgresql://x/y?ssl=no } | has the parameter \"ssl\"",
        "policies: { directory: x, keycloak: { realm-url: https://k/realms/r, client-id: c, key: file:k } } | either directory or keycloak",
        "policies: { keycloak: { realm-url: https://k/realms/r } } | expected realm-url, client-id and key",
        "admins: [ kc/group:security ] | names a launcher that is not under launchers",
        "admins: [ operator ] | expected <launcher>/user:x",
        "launchers: [ { name: agent, issuer: https://k, audience: w } ] | but not operator or agent",
        "launchers: [ { name: a, issuer: https://k, audience: w }, { name: a, issuer: https://l, audience: w } ] | \"a\" is there twice",
        "launchers: [ { name: a, issuer: https://localhost:8443, audience: w } ] | own issuer cannot be a launcher",
        "aws: [ { account: \"123456789012\", sts: https://sts.x, session-min: 899s } ] | expected 15m to 12h, got 899s",
        "aws: [ { account: \"\", sts: http://10.0.0.1 } ] | http only on loopback",
        "aws: [ { account: \"12345\", sts: https://sts.x } ] | twelve digits",
        "github: [ { api: https://ghe.example, app-id: \"1\", key: file:k, accounts: [ a ] } ] | https://HOST/api/v3",
        "github: [ { app-id: \"1\", key: file:k, accounts: [ a ] }, { api: https://ghe.example/api/v3, app-id: \"2\", key: file:k, accounts: [ A ] } ] | the account \"A\" stands at https://api.github.com and at https://ghe.example/api/v3",
        "github: [ { app-id: \"1\", key: file:k, accounts: [ a ] }, { app-id: \"2\", key: file:k, accounts: [ a ], ca: x.pem } ] | have to name the same ca",
        "keys: { root: http:x } | expected a key named by file:, vault: or pkcs11:",
        "keys: { root: root.pem } | such as file:root.pem",
        "issuer: a: b | not YAML",
        "data: a\\ndata: b | duplicate key",
      })
  void refuses_what_cannot_be_meant(String yaml, String expected) throws Exception {
    Parsed.Invalid<Config> invalid =
        assertInstanceOf(Parsed.Invalid.class, file(folder, yaml.replace("\\n", "\n")), yaml);

    assertTrue(invalid.report().contains(expected), invalid.report());
  }

  @Test
  void never_repeats_a_password_that_was_put_in_the_wrong_place() throws Exception {
    String report =
        file(
                folder,
                "database: { url: \"postgresql://writ:hunter2@db:x/writ\", password: hunter2 }")
            .problems()
            .toString();

    assertTrue(report.contains("file: and the path of a file that holds the secret"), report);
    assertTrue(report.contains("no usable host and port"), report);
    assertFalse(report.contains("hunter2"), report);
  }

  @Test
  void masks_a_password_in_the_url() {
    Config config =
        valid(
            read(
                folder,
                Map.of(),
                Map.of("database.url", "postgresql://ada:hunter2@127.0.0.1/writ")));

    assertFalse(config.toString().contains("hunter2"));
    assertEquals("ada", config.database().orElseThrow().address().user());
  }

  @Test
  void lets_a_flag_for_a_directory_win_over_keycloak_in_the_file() throws Exception {
    Files.writeString(folder.resolve("writ.yaml"), WHOLE);

    Config config = valid(read(folder, Map.of(), Map.of("policies.directory", "p")));

    assertEquals(new Source.Local(folder.resolve("p"), false), config.policies());
  }

  @Test
  void moves_a_default_issuer_to_the_port_that_was_given() {
    Config config =
        valid(read(folder, Map.of(), Map.of("listen.port", "0", "listen.management-port", "0")));

    assertEquals(URI.create("https://localhost:45678"), config.onPort(45678).issuer());
    assertEquals(45678, config.onPort(45678).listen().port());
  }

  @Test
  void refuses_a_named_file_that_is_not_there() {
    Parsed<Config> parsed = new ConfigReader(folder, Map.of(), Map.of()).read(Path.of("none.yaml"));

    assertEquals("none.yaml: there is no such file", parsed.problems().getFirst().toString());
  }

  @Test
  void a_slot_s_keys_may_be_in_several_places_and_have_an_age() throws Exception {
    Keys keys =
        valid(
                file(
                    folder,
                    """
                    keys:
                      root: [ "file:one.pem", "file:two.pem" ]
                      rotate: { root: 365d, token: 7d }
                    """))
            .keys();
    assertEquals(2, keys.root().size());
    assertEquals(Optional.of(Duration.ofDays(365)), keys.rotateAfter("root"));
    assertEquals(Optional.of(Duration.ofDays(7)), keys.rotateAfter("token"));
    assertEquals(Optional.of(Duration.ofDays(30)), keys.rotateAfter("sts"));
    assertEquals(Optional.empty(), keys.rotateAfter("envelope"));
  }

  private static LaunchRule.By by(String text) {
    return assertInstanceOf(LaunchRule.By.class, LaunchRule.of(text).orElseThrow());
  }
}
