package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.owner.OwnersReader;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    assertEquals(Documents.text(DEMO.resolve("by-hand.sh")), only("sh by-hand"));
    assertEquals(Documents.text(DEMO.resolve("by-hand-kill.sh")), only("sh by-hand-kill"));
  }

  @Test
  @Timeout(120)
  void the_commands_work_with_curl_and_openssl_against_the_policy_and_owners_shown()
      throws Exception {
    try (BrokerProcess broker = broker(folder)) {
      String output = run(broker, only("sh by-hand") + only("sh by-hand-kill"));

      assertTrue(output.contains("URI:spiffe://localhost/agent/"), output);
      assertTrue(output.contains("\"scope\":\"deploy:read\""), output);
      assertTrue(output.contains("\"error\":\"invalid_scope\""), output);
      assertTrue(output.contains("\"owner\":\"group:platform\""), output);
      assertTrue(output.contains("\"result\":\"dies_at\""), output);
      assertTrue(output.contains("\"reason\":\"agent_killed\""), output);
    }
  }

  /** On the policy and the owners shown. */
  static BrokerProcess broker(Path folder) throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(folder.resolve("policies/operator.yaml"), only("yaml policy"));
    Files.writeString(folder.resolve("owners.yaml"), only("yaml owners"));
    int port = Ports.free();
    Path config =
        Files.writeString(
            folder.resolve("writ.yaml"),
            "listen: { port: %d, management-port: %d }%n".formatted(port, Ports.free()));
    return BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
        .args("serve", "--config", config.toString())
        .start();
  }

  /** In a POSIX shell that stops at the first command that fails. */
  private String run(BrokerProcess broker, String commands) throws Exception {
    Path hand = Files.createDirectory(folder.resolve("by-hand"));
    Path output = folder.resolve("output");
    ProcessBuilder shell = new ProcessBuilder("sh", "-eu", "-c", commands).directory(hand.toFile());
    shell.environment().put("WRIT_URL", broker.url());
    shell.environment().put("WRIT_CA", broker.data().resolve("bundle.pem").toString());
    shell.environment().put("WRIT_TOKEN_FILE", broker.data().resolve("operator-token").toString());
    Process process = shell.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the shell ended");
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readString(output);
  }
}
