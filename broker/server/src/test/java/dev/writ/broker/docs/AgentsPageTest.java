package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.process.BrokerProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/agents.md shows works when it is pasted. */
class AgentsPageTest {
  private static final String PAGE = Documents.text("docs/agents.md");

  @TempDir Path folder;

  @Test
  @Timeout(240)
  void the_commands_work_in_the_order_shown() throws Exception {
    try (BrokerProcess broker = ReadmeTest.broker(folder)) {
      String trust = Files.readString(broker.data().resolve("bundle.pem"));
      String operator = Files.readString(broker.data().resolve("operator-token")).strip();
      String token;
      try (Launcher launcher = Launcher.at(URI.create(broker.url()), trust, operator)) {
        token =
            launcher
                .launch(Launch.of("operator").owner("group:platform"))
                .expect(201)
                .text("enrolment_token");
      }

      String output = run(broker, token, String.join("", Documents.blocks(PAGE, "sh agent")));

      assertTrue(output.contains("enrolled: spiffe://localhost/agent/"), output);
      assertTrue(output.contains("@localhost\n1\n"), output);
      assertTrue(output.contains("denied by operator@1 (scopes)"), output);
      assertTrue(output.contains("exit code 4"), output);
      assertTrue(output.contains("ok agent"), output);
    }
  }

  private String run(BrokerProcess broker, String token, String commands) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-eu", "-c", "enrolment_token=" + token + "\n" + commands)
            .directory(folder.toFile());
    Path client = Documents.ROOT.resolve("broker/client");
    shell.environment().merge("PATH", client.toString(), (path, own) -> own + ":" + path);
    shell.environment().put("WRIT_URL", broker.url());
    shell.environment().put("WRIT_CA", broker.data().resolve("bundle.pem").toString());
    Process process = shell.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the shell ended");
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readString(output);
  }
}
