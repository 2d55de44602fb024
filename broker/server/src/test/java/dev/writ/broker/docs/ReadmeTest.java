package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.owner.OwnersReader;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.git.Git;
import dev.writ.fixtures.git.GitServer;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works when it is pasted. */
class ReadmeTest {
  private static final String README = Documents.text("README.md");
  private static final Path DEMO =
      Documents.ROOT.resolve("test-fixtures/src/main/resources/dev/writ/fixtures/demo");

  @TempDir Path folder;

  private static String only(String info) {
    List<String> blocks = Documents.blocks(README, info);
    assertEquals(1, blocks.size(), info);
    return blocks.getFirst();
  }

  @Test
  void the_policy_shown_is_sound_and_the_demos() {
    assertEquals(List.of(), Policy.yaml(only("yaml policy"), Bounds.DEFAULT).problems());
    assertEquals(Documents.text(DEMO.resolve("operator.yaml")), only("yaml policy"));
  }

  @Test
  void the_owners_shown_are_sound_and_the_demos() {
    assertEquals(List.of(), OwnersReader.yaml(only("yaml owners")).problems());
    assertEquals(Documents.text(DEMO.resolve("owners.yaml")), only("yaml owners"));
  }

  @Test
  void the_commands_shown_are_those_that_the_demo_prints() {
    assertEquals(Documents.text(DEMO.resolve("by-hand-agent.sh")), only("sh by-hand-agent"));
    assertEquals(Documents.text(DEMO.resolve("by-hand.sh")), only("sh by-hand"));
    assertEquals(Documents.text(DEMO.resolve("by-hand-kill.sh")), only("sh by-hand-kill"));
  }

  @Test
  @Timeout(120)
  void the_commands_work_with_curl_and_openssl_against_the_policy_and_owners_shown()
      throws Exception {
    try (BrokerProcess broker = broker(folder)) {
      String output = run(broker, Map.of(), only("sh by-hand") + only("sh by-hand-kill"));

      assertTrue(output.contains("URI:spiffe://localhost/agent/"), output);
      assertTrue(output.contains("\"scope\":\"deploy:read\""), output);
      assertTrue(output.contains("\"error\":\"invalid_scope\""), output);
      assertTrue(output.contains("\"owner\":\"group:platform\""), output);
      assertTrue(output.contains("\"result\":\"dies_at\""), output);
      assertTrue(output.contains("\"reason\":\"agent_killed\""), output);
    }
  }

  @Test
  @Timeout(120)
  void the_agents_path_works_with_writ_agent_and_git() throws Exception {
    try (FakeGitHub github = FakeGitHub.start(GitHubOptions.defaults().enterprise());
        GitServer git = GitServer.beside(github)) {
      Account acme = github.organization("acme");
      Repository api = acme.repository("api");
      acme.repository("web");
      App app = github.app("writ");
      app.install(acme, Map.of("contents", "write", "metadata", "read"));
      try (BrokerProcess broker = broker(folder, section(github, app))) {
        Path hand = Files.createDirectory(folder.resolve("by-hand"));
        Files.writeString(hand.resolve("enrolment-token"), launched(broker));

        String output = run(broker, beside(git, hand), only("sh by-hand-agent"));

        assertTrue(output.contains("enrolled: spiffe://localhost/agent/"), output);
        assertTrue(output.contains("[new branch]      HEAD -> agents-work"), output);
        assertTrue(output.contains("denied by operator@1 (repositories)"), output);
        assertTrue(output.contains("git ended with 128"), output);
        String author =
            Git.in(git.bare(api)).run("log", "-1", "--format=%ae", "agents-work").strip();
        assertTrue(author.matches("agent-[0-9a-f-]{36}@localhost"), author);
        assertTrue(Files.readString(hand.resolve("token")).startsWith("eyJ"));
        assertEquals(List.of(), github.liveTokens());
      }
    }
  }

  private String section(FakeGitHub github, App app) throws IOException {
    Path ca = Files.writeString(folder.resolve("github-ca.pem"), github.caPem());
    Path key = folder.resolve("app.pem");
    var owner = PosixFilePermissions.fromString("rw-------");
    Files.createFile(key, PosixFilePermissions.asFileAttribute(owner));
    Files.writeString(key, app.key().pem());
    return "github: [ { api: \"%s\", app-id: \"%d\", key: \"file:%s\", accounts: [ acme ], ca: \"%s\" } ]%n"
        .formatted(github.url(), app.id(), key, ca);
  }

  private static String launched(BrokerProcess broker) throws IOException {
    String trust = Files.readString(broker.data().resolve("bundle.pem"));
    String operator = Files.readString(broker.data().resolve("operator-token")).strip();
    try (Launcher launcher = Launcher.at(URI.create(broker.url()), trust, operator)) {
      return launcher
          .launch(Launch.of("operator").owner("group:platform"))
          .expect(201)
          .text("enrolment_token");
    }
  }

  private Map<String, String> beside(GitServer git, Path hand) {
    String client = Documents.ROOT.resolve("broker/client").toString();
    return Map.of(
        "PATH", client + ":" + System.getenv("PATH"),
        "WRIT_AGENT_DIR", hand.resolve("agent").toString(),
        "GIT_HOST", git.url().getAuthority(),
        "GIT_SSL_CAINFO", folder.resolve("github-ca.pem").toString());
  }

  /** On the policy and the owners shown. */
  static BrokerProcess broker(Path folder) throws IOException {
    return broker(folder, "");
  }

  private static BrokerProcess broker(Path folder, String sections) throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(folder.resolve("policies/operator.yaml"), only("yaml policy"));
    Files.writeString(folder.resolve("owners.yaml"), only("yaml owners"));
    int port = Ports.free();
    Path config =
        Files.writeString(
            folder.resolve("writ.yaml"),
            "listen: { port: %d, management-port: %d }%n".formatted(port, Ports.free()) + sections);
    return BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
        .args("serve", "--config", config.toString())
        .start();
  }

  /** In a POSIX shell that stops at the first command that fails. */
  private String run(BrokerProcess broker, Map<String, String> more, String commands)
      throws Exception {
    Path hand = Files.createDirectories(folder.resolve("by-hand"));
    Path output = folder.resolve("output");
    ProcessBuilder shell = new ProcessBuilder("sh", "-eu", "-c", commands).directory(hand.toFile());
    shell.environment().put("WRIT_URL", broker.url());
    shell.environment().put("WRIT_CA", broker.data().resolve("bundle.pem").toString());
    shell.environment().put("WRIT_TOKEN_FILE", broker.data().resolve("operator-token").toString());
    shell.environment().putAll(more);
    Process process = shell.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the shell ended");
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readString(output);
  }
}
