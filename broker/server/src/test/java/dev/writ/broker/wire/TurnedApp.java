package dev.writ.broker.wire;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.RepositoryAccess.Granted;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A GitHub with one App, which an admin gives one key after the other. */
final class TurnedApp implements AutoCloseable {
  private static final int REQUESTS_AN_HOUR = 1_000_000;

  private final FakeGitHub gitHub = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private final App app;
  private AppKey present;
  private int made = 1;

  TurnedApp() {
    var acme = gitHub.organization("acme");
    acme.repository("api");
    app = gitHub.app("writ").quota(REQUESTS_AN_HOUR);
    app.install(acme, Map.of("contents", "write", "metadata", "read"));
    present = app.key();
  }

  /** Adds the policy {@code fixer}. */
  TestBroker at(TestBroker broker) {
    return broker
        .policy(
            "fixer",
            """
            lifetime: { agent: 1h, credential: 15m }
            launch: [ operator ]
            grants: [ { github: { account: acme, repositories: [ acme/api ], permissions: { contents: write } } } ]
            """)
        .withGitHub(gitHub, app);
  }

  /** What is wrong with the token that the agent is given, if anything is. */
  Optional<String> trouble(AgentClient agent) {
    Reply reply = agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "write")));
    if (reply.status() != 200) {
      return Optional.of(reply.toString());
    }
    return gitHub.access(Optional.of(reply.text("access_token")), "acme", "api") instanceof Granted
        ? Optional.empty()
        : Optional.of("GitHub does not know the token");
  }

  /**
   * Makes another key, puts it where the nodes find it, and has it used.
   *
   * @param folder where the App's first key is
   * @return deletes the one before at GitHub
   */
  Runnable turn(OperatedKeys keys, Path folder) throws IOException {
    AppKey former = present;
    present = AppKey.generate();
    app.addKey(present.publicKey());
    made++;
    NodeFiles.secret(folder.resolve("app-" + app.id() + "-" + made + ".pem"), present.pem());
    keys.rotate("github:" + app.id()).expect(200);
    return () -> app.removeKey(former.publicKey());
  }

  @Override
  public void close() {
    gitHub.close();
  }
}
