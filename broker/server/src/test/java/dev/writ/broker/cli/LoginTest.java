package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.TunnelProxy;
import dev.writ.fixtures.oidc.DeviceFlow;
import dev.writ.fixtures.oidc.FakeOidcIssuer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code writ login} and {@code writ logout}, against an identity provider that speaks RFC 8628.
 */
@SuppressWarnings("NullAway.Init")
class LoginTest {
  private static FakeOidcIssuer issuer;

  @TempDir Path folder;
  private TestBroker broker;
  private DeviceFlow flow;
  private Shell shell;

  @BeforeAll
  static void provider() {
    issuer = FakeOidcIssuer.https();
  }

  @AfterAll
  static void noProvider() {
    issuer.close();
  }

  @BeforeEach
  void begin() throws IOException {
    broker = new TestBroker(folder);
    broker.on(
        "GET /.well-known/oauth-protected-resource",
        200,
        "{\"resource\":\"x\",\"authorization_servers\":[\"%s\"]}".formatted(issuer.issuer()));
    broker.on("GET /v1/agents", 200, "{\"agents\":[]}");
    flow = DeviceFlow.at(issuer, "writ-cli");
    flow.confirm("ada");
    Files.writeString(folder.resolve("kc-ca.pem"), issuer.caPem());
    Map<String, String> environment = new HashMap<>(broker.environment());
    environment.remove("WRIT_TOKEN_FILE");
    environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
    shell = Shell.in(folder).environment(environment);
  }

  @AfterEach
  void end() {
    issuer.heal();
    broker.close();
  }

  private Ended login(String... more) {
    return shell.run(
        Stream.concat(Stream.of("login", "--ca", "kc-ca.pem"), Stream.of(more))
            .toArray(String[]::new));
  }

  private List<Path> kept() throws IOException {
    if (!Files.exists(folder.resolve("state"))) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder.resolve("state"))) {
      return all.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private String shown() {
    return broker.lastRequest().header("Authorization");
  }

  @Test
  void a_person_confirms_a_code_and_every_command_uses_the_login_from_then_on() throws IOException {
    assertEquals(3, shell.run("agent", "ls").code());

    Ended login = login();

    assertEquals(0, login.code(), login::toString);
    assertTrue(
        login.out().contains("Open " + issuer.issuer() + "/device and enter the code WDJB-MJHT"),
        login::toString);
    assertTrue(login.out().contains("Logged in to " + broker.url() + " as ada."), login::toString);
    assertTrue(flow.keepsSecret(login.out() + login.err()), "a token was printed");
    Path file = kept().getFirst();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    assertEquals(0, shell.run("agent", "ls").code());
    assertTrue(shown().startsWith("Bearer eyJ"), "no access token was shown to the broker");
  }

  @Test
  void who_is_not_logged_in_is_told_what_to_do() {
    Ended ls = shell.run("agent", "ls");

    assertEquals(3, ls.code());
    assertTrue(ls.err().contains("Run `writ login`"), ls::toString);
    assertTrue(broker.requests().isEmpty());
    Ended json = shell.run("agent", "ls", "--json");
    assertEquals("not_logged_in", json.json().path("error").asText());
  }

  @Test
  void it_waits_as_long_as_the_server_says_and_longer_when_it_is_told_so() {
    flow.confirm("");
    Thread.ofVirtual()
        .start(() -> {
          try {
            Thread.sleep(2500);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          flow.confirm("ada");
        });
    assertEquals(0, login().code());
    List<Instant> polls = List.copyOf(flow.polls());
    assertTrue(polls.size() >= 2);
    for (int i = 1; i < polls.size(); i++) {
      Duration between = Duration.between(polls.get(i - 1), polls.get(i));
      assertTrue(between.compareTo(Duration.ofMillis(990)) >= 0, between::toString);
    }

    flow.polls().clear();
    flow.slowDown(1);
    assertEquals(0, login().code());
    Duration slower = Duration.between(flow.polls().get(0), flow.polls().get(1));
    assertTrue(slower.compareTo(Duration.ofMillis(5990)) >= 0, slower::toString);
  }

  @Test
  void a_refused_or_forgotten_code_logs_nobody_in() throws IOException {
    flow.refuse();
    Ended refused = login();
    assertEquals(4, refused.code(), refused::toString);

    DeviceFlow forgotten = DeviceFlow.at(issuer, "writ-cli");
    forgotten.codeLife(Duration.ofSeconds(2));
    Ended late = login();
    assertEquals(3, late.code(), late::toString);
    assertTrue(late.err().contains("writ login"), late::toString);
    assertEquals(List.of(), kept());
  }

  @Test
  void a_client_that_may_not_is_told_and_another_can_be_named() {
    Ended wrong = login("--client-id", "nobody");
    assertEquals(1, wrong.code(), wrong::toString);
    assertTrue(wrong.err().contains("--client-id"), wrong::toString);

    DeviceFlow.at(issuer, "other").confirm("ada");
    assertEquals(0, login("--client-id", "other").code());
  }

  @Test
  void an_ending_token_is_renewed_once_and_the_new_one_is_kept() throws IOException {
    flow.accessLife(Duration.ofSeconds(20));
    assertEquals(0, login().code());
    flow.accessLife(Duration.ofMinutes(5));
    String before = Files.readString(kept().getFirst());

    assertEquals(0, shell.run("agent", "ls").code());
    String first = shown();
    assertEquals(0, shell.run("agent", "ls").code());

    assertEquals(first, shown());
    assertNotEquals(before, Files.readString(kept().getFirst()));
    assertEquals(1, flow.sessions());
  }

  @Test
  void a_session_that_was_ended_is_no_login_any_more() throws IOException {
    flow.accessLife(Duration.ofSeconds(20));
    assertEquals(0, login().code());
    flow.endSessions();
    int asked = broker.requests().size();

    Ended ls = shell.run("agent", "ls");

    assertEquals(3, ls.code(), ls::toString);
    assertTrue(ls.err().contains("has ended"), ls::toString);
    assertTrue(flow.keepsSecret(ls.out() + ls.err()));
    assertEquals(asked, broker.requests().size());
    assertEquals(List.of(), kept());
  }

  @Test
  void a_provider_that_is_away_ends_no_login() throws IOException {
    flow.accessLife(Duration.ofSeconds(20));
    assertEquals(0, login().code());
    issuer.onGrant("refresh_token", form -> Answer.json(503, "{}"));

    assertEquals(7, shell.run("agent", "ls").code());

    assertEquals(1, kept().size());
  }

  @Test
  void logging_out_ends_the_session_too() throws IOException {
    assertEquals(0, login().code());
    assertEquals(1, flow.sessions());

    Ended out = shell.run("logout");

    assertEquals(0, out.code(), out::toString);
    assertEquals(0, flow.sessions());
    assertEquals(List.of(), kept());
    assertEquals(3, shell.run("agent", "ls").code());
    assertEquals(0, shell.run("logout").code());
  }

  @Test
  void a_token_file_wins_and_a_login_for_one_broker_is_shown_to_no_other() throws IOException {
    assertEquals(0, login().code());
    Map<String, String> withFile = new HashMap<>(shell.environment());
    withFile.put("WRIT_TOKEN_FILE", folder.resolve("token").toString());
    assertEquals(0, shell.environment(withFile).run("agent", "ls").code());
    assertEquals("Bearer " + TestBroker.TOKEN, shown());

    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    try (TestBroker other = new TestBroker(elsewhere)) {
      Map<String, String> environment = new HashMap<>(other.environment());
      environment.remove("WRIT_TOKEN_FILE");
      environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
      assertEquals(3, shell.environment(environment).run("agent", "ls").code());
      assertTrue(other.requests().isEmpty());
    }
  }

  @Test
  void the_configuration_names_the_provider_where_there_is_one() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("bundle.pem"), Files.readString(folder.resolve("bundle.pem")));
    Files.writeString(data.resolve("operator-token"), "operators-own\n");
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        listen: { port: %d }
        launchers: [ { name: keycloak, issuer: "%s", audience: writ, ca: kc-ca.pem } ]
        """
            .formatted(broker.url().getPort(), issuer.issuer()));
    Shell local = shell.environment(Map.of("XDG_STATE_HOME", folder.resolve("state").toString()));
    Ended before = local.run("agent", "ls");
    assertEquals(3, before.code(), before::toString);

    Ended login = local.run("login", "--json");

    assertEquals(0, login.code(), login::toString);
    assertEquals("ada", login.json().path("logins").path(0).path("user").asText());
    assertTrue(login.err().contains("WDJB-MJHT"), login::toString);
    assertTrue(flow.keepsSecret(login.out() + login.err()));
    assertEquals(0, local.run("agent", "ls").code());
    assertTrue(shown().startsWith("Bearer eyJ"));
  }

  @Test
  void the_proxy_of_the_configuration_leads_to_the_provider_at_login_renewal_and_logout()
      throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("bundle.pem"), Files.readString(folder.resolve("bundle.pem")));
    try (TunnelProxy proxy = TunnelProxy.start()) {
      Files.writeString(
          folder.resolve("writ.yaml"),
          """
          listen: { port: %d }
          proxy: %s
          launchers: [ { name: keycloak, issuer: "%s", audience: writ, ca: kc-ca.pem } ]
          """
              .formatted(broker.url().getPort(), proxy.url(), issuer.issuer()));
      Shell local = shell.environment(Map.of("XDG_STATE_HOME", folder.resolve("state").toString()));
      flow.accessLife(Duration.ofSeconds(20));
      assertEquals(0, local.run("login").code());
      int atLogin = proxy.lines().size();

      assertEquals(0, local.run("agent", "ls").code());
      int atRenewal = proxy.lines().size();
      assertEquals(0, local.run("logout").code());

      assertTrue(atLogin > 0 && atRenewal > atLogin, proxy.lines()::toString);
      assertTrue(proxy.lines().size() > atRenewal, proxy.lines()::toString);
      String provider = "CONNECT " + URI.create(issuer.issuer()).getAuthority() + " HTTP/1.1";
      assertEquals(Set.of(provider), Set.copyOf(proxy.lines()));
    }
  }

  @Test
  void an_answer_without_end_ends_the_command() {
    String endless = "{\"x\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}";
    issuer.mount("/protocol/openid-connect/auth/device", request -> Answer.json(200, endless));

    Ended login = login();

    assertEquals(7, login.code(), login::toString);
    assertTrue(login.err().contains("longer than"), login::toString);
  }

  @Test
  void a_provider_with_an_address_that_is_not_https_is_sent_nothing() {
    Ended wrong = shell.run("login", "--issuer", "http://kc.example/realms/acme");

    assertEquals(1, wrong.code(), wrong::toString);
    assertTrue(wrong.err().contains("not https"), wrong::toString);
    issuer.mount(
        "/protocol/openid-connect/auth/device",
        request ->
            Answer.json(
                200,
                "{\"device_code\":\"x\",\"user_code\":\"y\",\"verification_uri\":\"http://evil.example/\",\"expires_in\":9}"));
    Ended evil = login();
    assertEquals(1, evil.code(), evil::toString);
    assertFalse(evil.out().contains("Open"), evil::toString);
  }

  @Test
  void a_broker_without_launchers_and_a_provider_that_is_none_are_told_apart() {
    broker.on("GET /.well-known/oauth-protected-resource", 200, "{\"resource\":\"x\"}");
    Ended none = login();
    assertEquals(1, none.code());
    assertTrue(none.err().contains("no launchers"), none::toString);

    Ended wrong = login("--issuer", URI.create(issuer.issuer()).resolve("/realms/x").toString());
    assertEquals(1, wrong.code(), wrong::toString);
    assertTrue(wrong.err().contains("no OpenID provider"), wrong::toString);
    issuer.cut();
    assertEquals(7, login("--issuer", issuer.issuer()).code());
  }
}
