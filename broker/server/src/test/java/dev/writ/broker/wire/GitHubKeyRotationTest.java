package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One App's keys, one after the other; GitHub knows two at once. */
@TestMethodOrder(OrderAnnotation.class)
class GitHubKeyRotationTest {
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final Account ACME = GITHUB.organization("acme");
  private static final App APP = GITHUB.app("writ");
  private static final AppKey SECOND = AppKey.generate();
  private static final String SLOT = "github:" + APP.id();

  static {
    ACME.repository("api");
    APP.install(ACME, Map.of("contents", "write", "metadata", "read"));
  }

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "fixer",
              """
              lifetime: { agent: 1h, credential: 15m }
              launch: [ operator ]
              grants: [ { github: { account: acme, repositories: [ acme/api ], permissions: { contents: write } } } ]
              """)
          .withGitHub(GITHUB, APP);

  private static final OperatedKeys KEYS = new OperatedKeys(BROKER::operator);

  @AfterAll
  static void stop() {
    GITHUB.close();
  }

  @Test
  @Order(1)
  void a_key_that_github_does_not_know_takes_no_place() throws IOException {
    exchange(BROKER.agent("fixer"));
    Reply none = KEYS.rotate(SLOT).expect(409);
    assertTrue(none.text("detail").contains("There is no other key"), none::toString);

    Path first = BROKER.ownersFile().resolveSibling("app-" + APP.id() + ".pem");
    NodeFiles.secret(first.resolveSibling("app-" + APP.id() + "-2.pem"), SECOND.pem());
    Reply unknown = KEYS.rotate(SLOT).expect(409);
    assertTrue(unknown.text("detail").contains("GitHub does not take the new key"));
    exchange(BROKER.agent("fixer"));
  }

  @Test
  @Order(2)
  void a_key_that_github_knows_is_used_at_once_and_the_other_may_be_deleted() {
    APP.addKey(SECOND.publicKey());
    KEYS.rotate(SLOT).expect(200);
    APP.removeKey(APP.key().publicKey());

    exchange(BROKER.agent("fixer"));
  }

  @Test
  @Order(3)
  void a_compromised_key_without_an_heir_is_used_no_more_and_its_tokens_end() {
    AgentClient agent = BROKER.agent("fixer");
    exchange(agent);
    assertTrue(GITHUB.liveTokens().size() > 0);

    Reply done = KEYS.compromise(SLOT).expect(200);

    assertTrue(done.json().path("writs_ended").asInt() > 0, done::toString);
    eventually("its tokens have ended", () -> GITHUB.liveTokens().isEmpty());
    int mints = GITHUB.mints().size();
    assertEquals(503, ask(BROKER.agent("fixer")).status());
    assertEquals(mints, GITHUB.mints().size(), "nothing was minted");
  }

  private static void exchange(AgentClient agent) {
    ask(agent).expect(200);
  }

  private static Reply ask(AgentClient agent) {
    return agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "write")));
  }
}
