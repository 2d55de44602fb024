package dev.writ.broker.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.client.AgentScript.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real git, and what AWS SDKs and gh do, with the script as their source of credentials. */
@Timeout(300)
class ClientFormatsTest {
  private final StubBroker broker = new StubBroker();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    broker.close();
  }

  private AgentScript agent(Sh shell) {
    try {
      Path ca = Files.writeString(folder.resolve("ca.pem"), broker.caPem());
      AgentScript agent =
          AgentScript.under(shell, folder)
              .env("WRIT_URL", broker.url().toString())
              .env("WRIT_CA", ca.toString())
              .env("GIT_SSL_CAINFO", ca.toString());
      Ended enrolled = agent.runWith("one-time", "enrol");
      assertEquals(0, enrolled.code(), enrolled::toString);
      return agent;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Ended git(AgentScript agent, String repository) {
    return agent.run("exec", "--", "git", "ls-remote", broker.url() + "/" + repository);
  }

  private long asked(String prefix) {
    return broker.asked().stream().filter(request -> request.startsWith(prefix)).count();
  }

  @ParameterizedTest
  @EnumSource
  void git_is_given_a_token_for_the_one_repository_and_no_human_helper_is_asked(Sh shell)
      throws IOException {
    AgentScript agent = agent(shell);
    String helper = "\"!touch asked; echo username=ada; echo password=hers\"";
    Files.writeString(
        agent.folder().resolve(".gitconfig"),
        "[credential]\n helper = %s\n[credential \"%s\"]\n helper = %s\n"
            .formatted(helper, broker.url(), helper));

    Ended ended = git(agent, "acme/api.git");

    assertEquals(0, ended.code(), ended::toString);
    assertTrue(ended.out().endsWith("refs/heads/main\n"), ended::toString);
    assertEquals(
        1,
        asked(
            "POST /v1/credentials/git protocol=https\nhost="
                + broker.host()
                + "\npath=acme/api\n"));
    assertEquals(1, asked("DELETE /v1/writs/" + StubBroker.writ(1)));
    assertFalse(Files.exists(agent.folder().resolve("asked")));
  }

  @ParameterizedTest
  @EnumSource
  void git_says_what_was_refused_and_what_to_do(Sh shell) {
    AgentScript agent = agent(shell);

    Ended ended = git(agent, "acme/web");

    assertEquals(128, ended.code(), ended::toString);
    assertTrue(
        ended
            .err()
            .startsWith(
                """
                writ-agent: denied by operator@3 (repositories): asked for github acme/web contents read; allowed: github acme acme/api contents write.
                writ-agent: What to do: ask for acme/api.
                """),
        ended::toString);
    assertEquals("git-credential", agent.refusal().path("command").asText());
    assertFalse(ended.err().contains("Username"), ended::toString);
  }

  @ParameterizedTest
  @EnumSource
  void a_token_that_the_server_no_longer_takes_is_ended_and_never_shown_again(Sh shell) {
    AgentScript agent = agent(shell);
    String get = "protocol=https\nhost=%s\npath=acme/api.git\n".formatted(broker.host());
    String first = agent.runWith(get, "git-credential", "get").out();
    assertEquals(first, agent.runWith(get, "git-credential", "get").out());
    assertTrue(
        first.startsWith("username=x-access-token\npassword=ghs_1\npassword_expiry_utc="), first);

    Ended other = agent.runWith(get + "password=ghs_other\n", "git-credential", "erase");
    assertEquals(first, agent.runWith(get, "git-credential", "get").out(), other::toString);
    assertEquals(0, agent.runWith(get + first, "git-credential", "erase").code());

    assertEquals(1, asked("DELETE /v1/writs/" + StubBroker.writ(1)));
    assertNotEquals(first, agent.runWith(get, "git-credential", "get").out());
    assertEquals(0, agent.runWith(get, "git-credential", "store").code());
  }

  @ParameterizedTest
  @EnumSource
  void only_the_repositories_of_the_exec_are_served_in_it(Sh shell) {
    AgentScript agent = agent(shell);
    String repository = broker.host() + "/Acme/API";

    Ended ended =
        agent.run(
            "exec",
            "--repo",
            repository,
            "--",
            "sh",
            "-c",
            "git ls-remote "
                + broker.url()
                + "/acme/api && git ls-remote "
                + broker.url()
                + "/acme/other; git ls-remote --get-url git@github.com:acme/api");

    assertEquals(0, ended.code(), ended::toString);
    assertTrue(
        ended.out().endsWith("refs/heads/main\nhttps://github.com/acme/api\n"), ended::toString);
    assertTrue(
        ended
            .err()
            .contains(
                "denied: asked for "
                    + broker.host()
                    + "/acme/other; allowed: "
                    + broker.host()
                    + "/acme/api, by the --repo"),
        ended::toString);
    assertEquals(1, asked("POST /v1/credentials/git"));
    assertEquals(
        4, agent.run("exec", "--repo", broker.host() + "/acme/web", "--", "touch", "begun").code());
    assertFalse(Files.exists(agent.folder().resolve("begun")));
  }

  @ParameterizedTest
  @EnumSource
  void aws_sdks_are_given_the_role(Sh shell) {
    AgentScript agent = agent(shell);
    String config = "sed -n 's/^credential_process = //p' \"$AWS_CONFIG_FILE\"";

    Ended ended =
        agent.run(
            "exec", "--role", StubBroker.ROLE, "--", "sh", "-c", "eval \"$(" + config + ")\"");

    assertEquals(0, ended.code(), ended::toString);
    Ended alone = agent.run("aws-credential", "--role", StubBroker.ROLE);
    for (Ended one : List.of(ended, alone)) {
      assertEquals(1, one.json().path("Version").asInt());
      assertEquals("ASIA1", one.json().path("AccessKeyId").asText());
      assertEquals("a/b+c", one.json().path("SecretAccessKey").asText());
      assertEquals("t==", one.json().path("SessionToken").asText());
      assertTrue(one.json().path("Expiration").asText().endsWith("Z"));
    }
    assertEquals(2, agent.run("aws-credential").code());
    assertEquals(2, asked("POST /token"));
  }

  @ParameterizedTest
  @EnumSource
  void gh_is_given_a_token_in_its_configuration_and_not_in_its_environment(Sh shell) {
    AgentScript agent =
        agent(shell)
            // found on PATH, which has no room for a colon
            .env("WRIT_AGENT_DIR", folder.resolve("plain").toString())
            .withProgram(
                "gh",
                "#!/bin/sh\ncat \"$GH_CONFIG_DIR/hosts.yml\"; env | grep ghs_; echo \"$@\"; exit 3\n");
    assertEquals(0, agent.runWith("one-time", "enrol").code());

    Ended ended =
        agent.run("exec", "--repo", broker.host() + "/acme/api", "--", "gh", "pr", "list");

    assertEquals(3, ended.code(), ended::toString);
    assertTrue(ended.out().startsWith(broker.host() + ":\n"), ended::toString);
    assertTrue(ended.out().contains("oauth_token: ghs_cli"), ended::toString);
    assertTrue(ended.out().endsWith("}\npr list\n"), ended::toString);
    assertEquals(
        1,
        broker.asked().stream()
            .filter(request ->
                request.contains("[{\"type\":\"github\",\"repositories\":[\"acme/api\"]}]"))
            .count());
  }
}
