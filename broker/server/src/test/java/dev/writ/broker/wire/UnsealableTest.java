package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.AwayKeyProvider;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.http.Reply;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The envelope key is away, for so long that nothing can be sealed any more. */
class UnsealableTest {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final App APP = GITHUB.app("writ", AppKey.generate());
  private static final Ask READ = Ask.github("acme/api", Map.of("contents", "read"));

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "operator",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: acme, repositories: [ acme/api ], permissions: { contents: write } }
                - internal: { audience: "https://deploy.internal", scopes: [ a ] }
              """)
          .settings("keys: { envelope: 'pkcs11:away' }\n")
          .withGitHub(GITHUB, APP);

  @BeforeAll
  static void installs() {
    Account acme = GITHUB.organization("acme");
    acme.repository("api");
    APP.install(acme, Map.of("contents", "write", "metadata", "read"));
  }

  @AfterAll
  static void stops() {
    GITHUB.close();
  }

  @AfterEach
  void isBack() {
    AwayKeyProvider.away(false);
  }

  @Test
  void nobody_gets_a_token_that_cannot_be_kept_and_it_is_ended_at_github() throws Exception {
    AgentClient agent = BROKER.agent("operator");
    AwayKeyProvider.away(true);

    Reply refused = agent.exchange(Via.MTLS, READ).expect(503);

    assertTrue(refused.body().contains("envelope key cannot be used"), refused::body);
    assertFalse(GITHUB.tokens().isEmpty());
    eventually("it is ended", PATIENCE, () -> GITHUB.liveTokens().isEmpty());
    GITHUB.tokens().forEach(token -> assertFalse(refused.body().contains(token.secret())));
    agent.exchange(Via.MTLS, Ask.audience("https://deploy.internal")).expect(200);

    AwayKeyProvider.away(false);
    agent.exchange(Via.MTLS, READ).expect(200);
  }
}
