package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.fault.TcpProxy;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.IssuedToken;
import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** GitHub is away, or the broker was. */
class GitHubOutageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final TcpProxy WAY = TcpProxy.to("localhost", GITHUB.url().getPort());
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
              """)
          .withGitHub(GITHUB, URI.create("https://localhost:" + WAY.port() + "/api/v3"), APP);

  @BeforeAll
  static void installs() {
    Account acme = GITHUB.organization("acme");
    acme.repository("api");
    APP.install(acme, Map.of("contents", "write", "metadata", "read"));
  }

  @AfterAll
  static void stops() {
    WAY.close();
    GITHUB.close();
  }

  @AfterEach
  void isBack() {
    WAY.resume();
  }

  private static void isAway() {
    WAY.refuse();
    WAY.cutAll();
  }

  private static IssuedToken token(AgentClient agent, Ask ask) {
    String secret = agent.exchange(Via.MTLS, ask).expect(200).text("access_token");
    return GITHUB.tokens().stream()
        .filter(token -> token.secret().equals(secret))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_kill_while_github_is_away_is_unknown_there_and_carried_out_when_it_is_back()
      throws InterruptedException {
    AgentClient agent = BROKER.agent("operator");
    IssuedToken token = token(agent, READ);
    isAway();

    Reply killed = BROKER.operator().kill(agent.id()).expect(200);

    assertEquals("unknown", killed.json().path("results").get(0).path("result").asText());
    assertTrue(token.live());
    agent.exchange(Via.MTLS, READ).expect(400);
    isBack();
    eventually("it is ended", PATIENCE, () -> !token.live());
    eventually(
        "it is written down", PATIENCE, () -> BROKER.records().rows("ended", agent.id()) == 1);
  }

  @Test
  void an_exchange_while_github_is_away_leaves_nothing_behind_and_says_so() {
    AgentClient agent = BROKER.agent("operator");
    IssuedToken before = token(agent, READ);
    int tokens = GITHUB.tokens().size();
    isAway();

    Reply refused =
        agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "write"))).expect(503);

    assertTrue(refused.text("error_description").contains("cannot be reached"), refused::body);
    assertEquals("5", refused.header("Retry-After"));
    assertEquals(
        1,
        BROKER
            .records()
            .texts(
                "SELECT state AS text FROM writ WHERE agent = ?::uuid AND state = 'refused'",
                agent.id())
            .size());
    assertEquals(tokens, GITHUB.tokens().size());
    assertEquals(before.secret(), agent.exchange(Via.MTLS, READ).expect(200).text("access_token"));
  }

  @Test
  void a_broker_that_was_restarted_ends_what_it_held_before() throws Exception {
    AgentClient agent = BROKER.agent("operator");
    IssuedToken killed = token(agent, READ);
    IssuedToken expired = token(agent, READ.ttl(4));

    BROKER.restart();

    assertTrue(killed.live());
    eventually("it is ended", PATIENCE, () -> !expired.live());
    Reply results = BROKER.operator().kill(agent.id()).expect(200);
    assertTrue(results.body().contains("\"revoked\""), results.body());
    assertFalse(killed.live());
  }
}
