package dev.writ.broker.client;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.client.AgentScript.Ended;
import dev.writ.broker.client.AgentScript.Running;
import dev.writ.fixtures.agent.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class ExecTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOKEN = "\"$WRIT_AGENT\" token --audience https://deploy.internal";

  @RegisterExtension static final LocalBroker BROKER = new LocalBroker();

  @TempDir Path folder;

  private static Ended exec(AgentScript agent, String commands) {
    return agent.run("exec", "--", "sh", "-c", commands);
  }

  private static void succeeded(Ended ended) {
    assertEquals(0, ended.code(), ended::toString);
  }

  private static List<String> live(String agent) {
    try (Launcher operator = BROKER.operator()) {
      return operator.writs(agent).expect(200).json().findValuesAsText("state").stream()
          .filter("live"::equals)
          .toList();
    }
  }

  private static boolean noSession(AgentScript agent) {
    try (Stream<Path> files = Files.list(agent.state(""))) {
      return files.noneMatch(file -> file.getFileName().toString().startsWith("exec-"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_command_has_its_input_output_arguments_and_exit_code(Sh shell) {
    AgentScript agent = AgentScript.under(shell, folder, BROKER);
    BROKER.enrol(agent);

    Ended ended =
        agent.runWith(
            "input", "exec", "--", "sh", "-c", "cat; echo \"[$1][$2]\"; exit 42", "sh", "a b", "*");

    assertEquals(42, ended.code(), ended::toString);
    assertEquals("input[a b][*]\n", ended.out());
    assertEquals(127, agent.run("exec", "--", folder.resolve("absent").toString()).code());
    assertEquals(137, exec(agent, "kill -9 $$").code());
    assertTrue(noSession(agent));
  }

  @ParameterizedTest
  @EnumSource
  void what_was_given_within_it_has_ended_when_it_ends(Sh shell) {
    AgentScript agent = AgentScript.under(shell, folder, BROKER);
    String id = BROKER.enrol(agent);
    agent.run("token", "--audience", "https://deploy.internal");
    assertEquals(1, live(id).size());

    Ended ended = exec(agent, TOKEN + "; \"$WRIT_AGENT\" status");

    succeeded(ended);
    assertTrue(ended.out().contains("2 live credentials"), ended::toString);
    assertEquals(1, live(id).size());
    assertTrue(noSession(agent));
  }

  @ParameterizedTest
  @EnumSource
  void signals_reach_the_command_and_its_answer_is_waited_for(Sh shell) throws Exception {
    AgentScript agent = AgentScript.under(shell, folder, BROKER);
    BROKER.enrol(agent);
    for (String signal : List.of("TERM", "INT")) {
      String waits =
          "trap 'echo caught; exit 7' " + signal + "; echo up; while :; do sleep 0.1; done";
      Running running = agent.start("", "exec", "--", "sh", "-c", waits);
      eventually("the command began", PATIENCE, () -> running.outSoFar().contains("up"));

      new ProcessBuilder("kill", "-" + signal, Long.toString(running.process().pid()))
          .start()
          .waitFor();

      Ended ended = AgentScript.end(running);
      assertEquals(7, ended.code(), signal + ended);
      assertEquals("up\ncaught\n", ended.out());
    }
  }

  @Test
  void killed_the_hard_way_it_leaves_no_command_and_no_credential() throws Exception {
    AgentScript agent = AgentScript.under(Sh.DASH, folder, BROKER);
    String id = BROKER.enrol(agent);
    Running running =
        agent.start(
            "", "exec", "--", "sh", "-c", "echo $$; " + TOKEN + " >/dev/null; exec sleep 600");
    eventually("a token was given", PATIENCE, () -> !live(id).isEmpty());
    long command = Long.parseLong(running.outSoFar().strip());

    running.process().destroyForcibly().waitFor();

    eventually("the token has ended", PATIENCE, () -> live(id).isEmpty());
    eventually("the session is gone", PATIENCE, () -> noSession(agent));
    eventually("the command has ended", PATIENCE, () -> ProcessHandle.of(command).isEmpty());
  }

  @Test
  void no_human_credential_comes_along_and_everything_else_does() {
    AgentScript agent = AgentScript.under(Sh.DASH, folder, BROKER);
    BROKER.enrol(agent);
    AgentScript human =
        agent
            .env("LANG", "C.UTF-8")
            .env("AWS_REGION", "eu-central-1")
            .env("ANTHROPIC_API_KEY", "kept");
    List<String> humans =
        List.of(
            "GH_TOKEN",
            "GITHUB_TOKEN",
            "SSH_AUTH_SOCK",
            "GIT_ASKPASS",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_PROFILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "WRIT_ENROLMENT_TOKEN_FILE",
            "WRIT_TOKEN_FILE");
    for (String name : humans) {
      human = human.env(name, "a-humans");
    }

    Ended ended = exec(human, "env; umask");

    succeeded(ended);
    assertFalse(ended.out().contains("a-humans"), ended::toString);
    assertTrue(ended.out().contains("\nAWS_REGION=eu-central-1\n"), ended::toString);
    assertTrue(ended.out().contains("ANTHROPIC_API_KEY=kept\n"), ended::toString);
    assertTrue(ended.out().contains("AWS_EC2_METADATA_DISABLED=true\n"), ended::toString);
    assertTrue(ended.out().endsWith("\n0022\n"), ended::toString);
  }

  @ParameterizedTest
  @EnumSource
  void commits_are_the_agents_with_a_trailer_and_the_repositorys_hooks_run(Sh shell)
      throws Exception {
    AgentScript agent =
        AgentScript.under(shell, folder, BROKER)
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.com");
    String id = BROKER.enrol(agent);
    Files.writeString(
        agent.folder().resolve(".gitconfig"),
        "[user]\n name = Ada\n email = ada@example.com\n[commit]\n gpgSign = true\n");
    succeeded(exec(agent, "git init -q repo"));
    Path hook =
        Files.writeString(
            agent.folder().resolve("repo/.git/hooks/commit-msg"),
            "#!/bin/sh\necho hooked >>hooked\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    String show = "git log -1 --format='%an %ae %cn %ce%n%B'";

    Ended with =
        exec(
            agent,
            "cd repo && echo a >a && git add a && git commit -q -m Title && git commit -q --amend --no-edit && "
                + show);
    Ended without =
        exec(
            agent.env("WRIT_TRAILER", "off"),
            "cd repo && echo b >a && git commit -q -a -m Other && " + show);

    String name = "agent-" + id;
    String author = "%s %s@localhost %s %s@localhost\n".formatted(name, name, name, name);
    succeeded(with);
    assertEquals(
        author + "Title\n\nWrit-Agent: spiffe://localhost/agent/" + id + "\n\n", with.out());
    assertEquals(author + "Other\n\n", without.out());
    assertEquals(
        "hooked\nhooked\nhooked\n", AgentScript.read(agent.folder().resolve("repo/hooked")));
  }

  @Test
  void the_identity_is_renewed_while_the_command_runs() throws Exception {
    AgentScript agent = AgentScript.under(Sh.DASH, folder, BROKER);
    BROKER.enrol(agent);
    Running running =
        agent.start(
            "",
            "exec",
            "--",
            "sh",
            "-c",
            "while [ ! -f done ]; do sleep 0.1; done; " + TOKEN + " >/dev/null");
    String[] words = AgentScript.read(agent.state("current")).split(" ");
    words[2] = "1";
    Files.writeString(agent.state("current"), String.join(" ", words));

    eventually(
        "it was renewed",
        PATIENCE,
        () -> AgentScript.read(agent.state("current")).startsWith("2 "));
    Files.createFile(agent.folder().resolve("done"));

    succeeded(AgentScript.end(running));
  }

  @Test
  void a_repository_outside_the_policy_is_refused_before_the_command_begins() {
    AgentScript agent = AgentScript.under(Sh.DASH, folder, BROKER);
    BROKER.enrol(agent);

    Ended ended =
        agent.run("exec", "--role", "arn:aws:iam::123456789012:role/admin", "--", "echo", "begun");

    assertEquals(4, ended.code(), ended::toString);
    assertEquals("", ended.out());
    assertTrue(noSession(agent));
  }
}
