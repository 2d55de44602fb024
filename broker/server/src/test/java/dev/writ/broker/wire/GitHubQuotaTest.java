package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A quota that is used up, as agents see it. */
class GitHubQuotaTest {
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final App APP = GITHUB.app("writ", AppKey.generate());

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

  @AfterAll
  static void stops() {
    GITHUB.close();
  }

  @Test
  void an_agent_is_told_when_to_come_back_and_a_token_at_hand_is_still_handed_out() {
    var acme = GITHUB.organization("acme");
    acme.repository("api");
    APP.install(acme, Map.of("contents", "write", "metadata", "read"));
    AgentClient agent = BROKER.agent("operator");
    Ask read = Ask.github("acme/api", Map.of("contents", "read"));
    String token = agent.exchange(Via.MTLS, read).expect(200).text("access_token");
    APP.quota(1);

    Reply exhausted =
        agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "write"))).expect(429);

    assertEquals("temporarily_unavailable", exhausted.error());
    assertEquals("target_exhausted", exhausted.text("reason"));
    Instant retryAt = Instant.parse(exhausted.text("retry_at"));
    Duration wait = Duration.between(Instant.now(), retryAt);
    assertTrue(wait.toMinutes() >= 55 && wait.toMinutes() <= 60, wait::toString);
    long retryAfter = Long.parseLong(exhausted.header("Retry-After"));
    assertTrue(Math.abs(retryAfter - wait.toSeconds()) < 10, exhausted.header("Retry-After"));
    assertEquals(token, agent.exchange(Via.MTLS, read).expect(200).text("access_token"));
  }
}
