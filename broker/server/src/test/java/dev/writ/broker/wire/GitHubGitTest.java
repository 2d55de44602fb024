package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.git.Git;
import dev.writ.fixtures.git.GitServer;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The git command line with tokens that were exchanged. */
class GitHubGitTest {
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

  @AfterAll
  static void stops() {
    SERVER.close();
    GITHUB.close();
  }

  @Test
  void an_agent_clones_fetches_and_pushes_until_it_is_killed() throws IOException {
    Path ca = Files.writeString(folder.resolve("ca.pem"), GITHUB.caPem());
    Git git = Git.in(folder).configured(Map.of("http.sslCAInfo", ca.toString()));
    AgentClient agent = BROKER.agent("operator");
    String write = token(agent, "write");

    git.run("clone", "--quiet", SERVER.url(API, write).toString(), "api");
    Files.writeString(folder.resolve("api/new.txt"), "new\n");
    git.run("-C", "api", "add", "new.txt");
    git.run("-C", "api", "commit", "--quiet", "-m", "Add a file");
    git.run("-C", "api", "push", "--quiet", "origin", "HEAD:main");
    git.run("-C", "api", "fetch", "--quiet", "origin");
    assertEquals(
        git.run("-C", "api", "rev-parse", "HEAD"),
        Git.in(folder).run("-C", SERVER.bare(API).toString(), "rev-parse", "main"));

    String read = token(agent, "read");
    assertNotEquals(write, read);
    Git.Result refused =
        git.attempt("-C", "api", "push", SERVER.url(API, read).toString(), "HEAD:other");
    assertTrue(refused.exit() != 0 && refused.output().contains("denied"), refused::output);
    assertNotEquals(0, git.attempt("clone", SERVER.url(WEB, write).toString(), "web").exit());

    BROKER.operator().kill(agent.id()).expect(200);
    assertNotEquals(0, git.attempt("-C", "api", "fetch", "origin").exit());
  }

  private static String token(AgentClient agent, String level) {
    return agent
        .exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", level)))
        .expect(200)
        .text("access_token");
  }
}
