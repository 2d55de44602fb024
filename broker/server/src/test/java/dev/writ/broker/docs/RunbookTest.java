package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.WritCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does the drills of docs/runbook.md with a broker: what the page shows is what is printed. A key
 * is published a second ahead, not a day.
 */
@SuppressWarnings("NullAway.Init") // before the first test
@TestMethodOrder(OrderAnnotation.class)
class RunbookTest {
  private static final String PAGE = Documents.text("docs/runbook.md");

  /** Longer than a key is published ahead, with a look of upkeep. */
  private static final Duration PUBLISHED = Duration.ofMillis(2_500);

  /** Until every node is known to seal by a new version. */
  private static final Duration SEALED_ANEW = Duration.ofSeconds(16);

  @TempDir static Path folder;

  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final App APP = GITHUB.app("writ");
  private static BrokerProcess broker;

  @BeforeAll
  static void start() throws IOException {
    Account acme = GITHUB.organization("acme");
    acme.repository("api");
    APP.install(acme, Map.of("contents", "write", "metadata", "read"));
    AppKey second = AppKey.generate();
    APP.addKey(second.publicKey());
    secret("app.pem", APP.key().pem());
    Files.writeString(folder.resolve("downloaded.pem"), second.pem());
    Files.writeString(folder.resolve("github-ca.pem"), GITHUB.caPem());
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        listen: { port: %d, management-port: %d }
        keys: { publish-ahead: 1s }
        github: [ { api: "%s", app-id: "%d", key: "file:app.pem", accounts: [ acme ], ca: github-ca.pem } ]
        """
            .formatted(Ports.free(), Ports.free(), GITHUB.url(), APP.id()));
    Path writ = secret("writ", "#!/bin/sh\nexec " + quoted(WritCommand.words()) + " \"$@\"\n");
    assertTrue(writ.toFile().setExecutable(true));
    broker =
        BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
            .args("serve", "--config", folder.resolve("writ.yaml").toString())
            .env("HOSTNAME", "broker-1")
            .start();
  }

  private static Path secret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  private static String quoted(String... words) {
    return Stream.of(words).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  @AfterAll
  static void stop() {
    broker.close();
    GITHUB.close();
  }

  @Test
  @Order(1)
  @Timeout(120)
  void each_rotation_prints_what_the_page_shows() throws Exception {
    assertShown("rotation first");
    Instant sealed = Instant.now();
    assertShown("rotation");
    Thread.sleep(PUBLISHED);
    assertShown("rotation after publish-ahead");
    sleepUntil(sealed.plus(SEALED_ANEW));
    assertShown("rotation last");
  }

  @Test
  @Order(2)
  @Timeout(120)
  void each_compromise_prints_what_the_page_shows() throws Exception {
    Files.delete(folder.resolve("app-2.pem"));
    assertShown("compromise");
    assertShown("compromise last");
  }

  private static void sleepUntil(Instant end) throws InterruptedException {
    Thread.sleep(Duration.ofMillis(Math.max(0, Instant.now().until(end).toMillis())));
  }

  private static void assertShown(String kind) throws Exception {
    List<String> commands = Documents.blocks(PAGE, "sh " + kind);
    List<String> shown = Documents.blocks(PAGE, "text " + kind);
    assertTrue(!commands.isEmpty());
    assertEquals(commands.size(), shown.size(), "each shows what it prints");
    for (int i = 0; i < commands.size(); i++) {
      assertEquals(
          steady(shown.get(i)), steady(asOnThePage(run(commands.get(i)))), commands.get(i));
    }
  }

  private static String asOnThePage(String output) {
    return output
        .replace(folder.resolve("data").toString(), "/var/lib/writ")
        .replace("github:" + APP.id(), "github:12345");
  }

  /** Without what is another each time. */
  private static String steady(String output) {
    return output
        .replaceAll("\\b[0-9a-f]{64}\\b", "KEY")
        .replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "NODE")
        .replaceAll("(?<![\\w-])[\\w-]{43}(?![\\w-])", "KID")
        .replaceAll("version  [0-9a-f]{16}\\b", "version  TOKEN")
        .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "INSTANT")
        .replaceAll("20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC", "TIME");
  }

  /** In a POSIX shell that stops at the first command that fails. */
  private static String run(String commands) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder(
                "sh", "-eu", "-c", commands.replace("github:12345", "github:" + APP.id()))
            .directory(folder.toFile());
    shell.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
    shell.environment().put("WRIT_URL", broker.url());
    shell.environment().put("WRIT_CA", broker.data().resolve("bundle.pem").toString());
    shell.environment().put("WRIT_TOKEN_FILE", broker.data().resolve("operator-token").toString());
    Process process = shell.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the shell ended");
    assertEquals(0, process.exitValue(), commands + Files.readString(output));
    return Files.readString(output);
  }
}
