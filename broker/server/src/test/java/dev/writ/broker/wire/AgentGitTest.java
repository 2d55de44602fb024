package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.client.AgentScript;
import dev.writ.broker.client.AgentScript.Ended;
import dev.writ.broker.client.AgentScript.Running;
import dev.writ.broker.client.Sh;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.git.Git;
import dev.writ.fixtures.git.GitServer;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code writ-agent exec} with an unmodified git, the broker, and a GitHub. */
class AgentGitTest {
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final GitServer SERVER = GitServer.beside(GITHUB);
  private static final App APP = GITHUB.app("writ", AppKey.generate());
  private static final Account ACME = GITHUB.organization("acme");
  private static final Repository API = ACME.repository("api");
  private static final Repository WEB = ACME.repository("web");

  static {
    APP.install(ACME, Map.of("contents", "write", "metadata", "read"));
  }

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "operator",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: acme, repositories: [ acme/api ], permissions: { contents: write } }
              """)
          .withGitHub(GITHUB, APP);

  @TempDir Path folder;

  private AgentScript agent;
  private String id;

  @BeforeEach
  void enrol() throws IOException {
    Path ca = Files.writeString(folder.resolve("bundle.pem"), BROKER.bundle());
    Path gitCa = Files.writeString(folder.resolve("github-ca.pem"), GITHUB.caPem());
    agent =
        AgentScript.under(Sh.DASH, folder)
            .env("WRIT_URL", BROKER.url().toString())
            .env("WRIT_CA", ca.toString())
            .env("GIT_SSL_CAINFO", gitCa.toString());
    Reply launched = BROKER.operator().launch(Launch.of("operator").owner("user:ada")).expect(201);
    id = launched.text("id");
    assertEquals(0, agent.runWith(launched.text("enrolment_token") + "\n", "enrol").code());
  }

  @AfterAll
  static void stops() {
    SERVER.close();
    GITHUB.close();
  }

  private static String named(Repository repository) {
    return SERVER.url().getAuthority() + "/" + repository.fullName();
  }

  private Ended exec(String commands) {
    return agent.run("exec", "--repo", named(API), "--", "sh", "-ec", commands);
  }

  private static Ended succeeded(Ended ended) {
    assertEquals(0, ended.code(), ended::toString);
    return ended;
  }

  @Test
  void git_clones_commits_and_pushes_as_the_agent_and_nothing_is_left_at_github() {
    succeeded(
        exec(
            "git clone -q %s api; cd api; echo new > new.txt; git add new.txt; git commit -q -m 'Add a file'; git push -q origin HEAD:work"
                .formatted(SERVER.url(API))));

    String log = Git.in(folder).run("-C", SERVER.bare(API).toString(), "log", "-1", "work");
    assertTrue(log.contains("agent-" + id + "@"), log);
    assertTrue(GITHUB.liveTokens().isEmpty(), () -> GITHUB.liveTokens().toString());
  }

  @Test
  void git_says_what_is_allowed_where_the_policy_refuses() {
    Ended ended = exec("git clone -q %s web".formatted(SERVER.url(WEB)));

    assertNotEquals(0, ended.code());
    assertTrue(ended.err().contains("asked for") && ended.err().contains("acme/api"), ended.err());
    assertTrue(GITHUB.liveTokens().isEmpty());
  }

  @Test
  void of_two_that_share_a_credential_the_one_that_ends_first_leaves_it_to_the_other()
      throws Exception {
    Path go = folder.resolve("go");
    Running longer =
        agent.start(
            "",
            "exec",
            "--repo",
            named(API),
            "--",
            "sh",
            "-ec",
            "git ls-remote -q %1$s >&2; echo up; while ! [ -e '%2$s' ]; do sleep 0.1; done; git ls-remote -q %1$s"
                .formatted(SERVER.url(API), go));
    eventually("it is up", Duration.ofSeconds(60), () -> longer.outSoFar().contains("up"));
    int before = GITHUB.liveTokens().size();

    succeeded(exec("git ls-remote -q " + SERVER.url(API)));

    assertEquals(1, before);
    assertEquals(1, GITHUB.liveTokens().size());
    Files.createFile(go);
    succeeded(AgentScript.end(longer));
    assertTrue(GITHUB.liveTokens().isEmpty(), () -> GITHUB.liveTokens().toString());
  }
}
