package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.WritCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code writ login} against a real realm's device flow, with a person at a browser. */
@SuppressWarnings("NullAway.Init")
class DeviceLoginTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();
  @TempDir private static Path folder;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int DENIED = 4;
  private static final int NOT_LOGGED_IN = 3;

  private static KeycloakRealm realm;
  private static BrokerProcess broker;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    realm = KEYCLOAK.realm();
    realm.user("ada");
    realm.send("POST", "/clients", LauncherPage.block("cli").toString()).expect(201);
    ObjectNode hasty = LauncherPage.block("cli");
    hasty.put("clientId", "hasty");
    LauncherPage.object(hasty, "attributes").put("oauth2.device.code.lifespan", "2");
    realm.send("POST", "/clients", hasty.toString()).expect(201);
    Path config =
        Files.writeString(
            folder.resolve("writ.yaml"),
            """
            listen: { port: %d, management-port: 0 }
            launchers: [ { name: keycloak, issuer: "%s", audience: writ } ]
            """
                .formatted(Ports.free(), realm.url()));
    broker =
        BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
            .args("serve", "--config", config.toString())
            .start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Map<String, String> environment() {
    return Map.of(
        "WRIT_URL", broker.url(),
        "WRIT_CA", folder.resolve("data/bundle.pem").toString(),
        "XDG_STATE_HOME", folder.resolve("state").toString());
  }

  /** Begins to log in; its URL is the one that the person opens. */
  private static BrokerProcess login(String... more) {
    List<String> words = new ArrayList<>(List.of("login"));
    words.addAll(List.of(more));
    BrokerProcess.Command command =
        BrokerProcess.command(
                folder.resolve("login-" + number++),
                WritCommand.words(words.toArray(String[]::new)))
            .readyLine("or open (http\\S+)");
    environment().forEach(command::env);
    return command.start();
  }

  /** Its exit code, and below it what it wrote. */
  private static String ended(BrokerProcess command) throws IOException {
    int code = command.awaitExit(PATIENCE).orElseThrow();
    return code + "\n" + Files.readString(command.stdout()) + Files.readString(command.stderr());
  }

  /** The same of a command that asks nobody. */
  private static String run(String... words) throws IOException, InterruptedException {
    Path output = folder.resolve("output-" + number++);
    ProcessBuilder command =
        new ProcessBuilder(WritCommand.words(words))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    command.environment().putAll(environment());
    Process process = command.start();
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
    return process.exitValue() + "\n" + Files.readString(output);
  }

  @Test
  void a_person_confirms_in_the_browser_and_lists_agents_from_then_on() throws Exception {
    try (BrokerProcess login = login();
        Visitor ada = new Visitor()) {
      ada.confirms(URI.create(login.url()), "ada");

      String told = ended(login);
      assertTrue(told.startsWith("0\n"), told);
      assertTrue(told.contains("Logged in to " + broker.url() + " as ada."), told);
    }
    String listed = run("agent", "ls", "--json");
    assertTrue(listed.startsWith("0\n"), listed);
    assertTrue(listed.contains("\"agents\""), listed);
    assertTrue(run("logout").startsWith("0\n"));
    assertTrue(run("agent", "ls", "--json").startsWith(NOT_LOGGED_IN + "\n"));
  }

  @Test
  void who_refuses_in_the_browser_is_not_logged_in() throws Exception {
    try (BrokerProcess login = login();
        Visitor ada = new Visitor()) {
      ada.refuses(URI.create(login.url()), "ada");

      String told = ended(login);
      assertTrue(told.startsWith(DENIED + "\n"), told);
      assertTrue(told.contains("refused in the browser"), told);
    }
  }

  @Test
  void a_code_that_nobody_confirmed_in_time_is_said_to_be_late() throws Exception {
    try (BrokerProcess login = login("--client-id", "hasty")) {
      String told = ended(login);
      assertTrue(told.startsWith(NOT_LOGGED_IN + "\n"), told);
      assertTrue(told.contains("Nobody confirmed the code in time"), told);
    }
  }

  @Test
  void clients_that_cannot_are_told_apart_from_people_who_may_not() throws Exception {
    for (String client : List.of("writ-console", "nobody")) {
      String told = run("login", "--client-id", client);
      assertTrue(told.startsWith("1\n"), told);
      assertTrue(
          told.contains("The identity provider lets nobody log in by the client " + client), told);
      assertTrue(told.contains("a public client with the device flow"), told);
      assertFalse(told.contains("Open "), told);
    }
  }
}
