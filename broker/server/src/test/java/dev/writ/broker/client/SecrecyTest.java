package dev.writ.broker.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.client.AgentScript.Ended;
import dev.writ.fixtures.secrets.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No secret is in the arguments or in the environment of another program, where ps shows it. */
@Timeout(300)
class SecrecyTest {
  /** Writes down how it was called, and does what the real one does. */
  private static final String SPY =
      """
      #!/bin/sh
      /bin/cat /proc/$$/cmdline /proc/$$/environ >>'%s'
      exec '%s' "$@"
      """;

  @RegisterExtension static final LocalBroker BROKER = new LocalBroker();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void no_secret_is_shown_to_who_looks_at_processes(Sh shell) throws IOException {
    Path seen = Files.createFile(folder.resolve("seen"));
    AgentScript agent = AgentScript.under(shell, folder, BROKER);
    for (String program : new String[] {"curl", "openssl", "mv", "ln", "tr", "date", "env"}) {
      agent = agent.withProgram(program, SPY.formatted(seen, Sh.find(program).orElseThrow()));
    }
    String enrolment = BROKER.launch().text("enrolment_token");
    Path token = folder.resolve("enrolment-token");
    Files.writeString(token, enrolment);

    assertEquals(0, agent.env("WRIT_ENROLMENT_TOKEN_FILE", token.toString()).run("enrol").code());
    String key = AgentScript.read(agent.state("identity.pem"));
    String form = AgentScript.read(agent.state("id-1.form"));
    Ended access = agent.run("token", "--audience", "https://deploy.internal");
    Ended inside =
        agent.run(
            "exec",
            "--",
            "sh",
            "-c",
            "\"$WRIT_AGENT\" token --audience https://deploy.internal; env >&2");
    assertEquals(0, inside.code(), inside::toString);
    assertEquals(0, agent.run("renew").code());

    assertTrue(Files.size(seen) > 1000, "the programs were seen");
    String scalars = key.substring(key.indexOf('\n'), key.indexOf("-----END")).replace("\n", "");
    Secrets secrets =
        new Secrets()
            .token("enrolment token", enrolment)
            .token("JWT-SVID", form.substring(form.lastIndexOf('=') + 1).strip())
            .token("access token", access.out().strip())
            .token("access token of the session", inside.out().strip())
            .bytes("private key", Base64.getDecoder().decode(scalars));
    secrets.assertNoneIn(seen);
    secrets.assertNoneIn("the command's environment", inside.err());
  }
}
