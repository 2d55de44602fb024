package dev.writ.broker.wire;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.Installation;
import dev.writ.fixtures.github.IssuedToken;
import dev.writ.fixtures.github.MintFault;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Exchanges for GitHub through a broker, and what becomes of the tokens at GitHub. */
class GitHubTest {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final FakeGitHub GITHUB = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private static final App APP = GITHUB.app("writ", AppKey.generate());
  private static final Account ACME = GITHUB.organization("acme");
  private static final Repository API = ACME.repository("api").file("README.md", "# api\n");
  private static final Repository WEB = ACME.repository("web");
  private static final Repository SECRET = ACME.repository("secret");
  private static final Installation INSTALLATION =
      APP.install(
          ACME,
          Map.of("contents", "write", "issues", "write", "members", "read", "metadata", "read"));

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "operator",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: acme, repositories: [ acme/api, acme/web, acme/volatile ], permissions: { contents: write, issues: write } }
              """)
          .policy(
              "everything",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - github: { account: acme, repositories: [ "*" ], permissions: { contents: read }, i-know: "a test" }
              """)
          .withGitHub(GITHUB, APP);

  private static final Http HTTP = Http.trusting(GITHUB.caPem());

  @AfterAll
  static void stops() {
    HTTP.close();
    GITHUB.close();
  }

  @AfterEach
  void heals() {
    GITHUB.heal();
  }

  private static Ask read(Repository... repositories) {
    return ask("read", repositories);
  }

  private static Ask ask(String level, Repository... repositories) {
    List<String> names = List.of(repositories).stream().map(Repository::fullName).toList();
    return Ask.github(names, Map.of("contents", level));
  }

  private static Reply contents(String method, Repository repository, String token) {
    URI uri = URI.create(GITHUB.url() + "/repos/" + repository.fullName() + "/contents/README.md");
    String body = method.equals("PUT") ? "{\"message\":\"m\",\"content\":\"bmV3\"}" : "";
    return HTTP.send(method, uri, Map.of("Authorization", "Bearer " + token), body);
  }

  private static IssuedToken atGitHub(String secret) {
    return GITHUB.tokens().stream()
        .filter(token -> token.secret().equals(secret))
        .findFirst()
        .orElseThrow();
  }

  /** The answer to a request that must not reach GitHub, nor leave anything in the ledger. */
  private static Reply asksNothing(Supplier<Reply> request) {
    int before = GITHUB.requests().size();
    Reply reply = BROKER.mintsNothing(request);
    assertEquals(before, GITHUB.requests().size(), "GitHub was asked");
    return reply;
  }

  @Test
  void a_token_works_at_github_for_exactly_what_was_granted() {
    AgentClient agent = BROKER.agent("operator");

    Reply reply = agent.exchange(Via.MTLS, read(API)).expect(200);

    String token = reply.text("access_token");
    assertEquals("Bearer", reply.text("token_type"));
    assertEquals("urn:ietf:params:oauth:token-type:access_token", reply.text("issued_token_type"));
    assertTrue(reply.json().path("expires_in").asInt() > 3_500);
    JsonNode granted = reply.json().path("authorization_details").get(0);
    assertEquals("[\"acme/api\"]", granted.path("repositories").toString());
    assertEquals("{\"contents\":\"read\"}", granted.path("permissions").toString());
    contents("GET", API, token).expect(200);
    contents("GET", WEB, token).expect(404);
    contents("PUT", API, token).expect(403);
    assertEquals(Optional.of(Set.of(API.id())), atGitHub(token).repositoryIds());
    assertEquals(Map.of("contents", "read", "metadata", "read"), atGitHub(token).permissions());
  }

  @Test
  void blame_knows_a_token_by_the_hash_in_githubs_audit_log() {
    AgentClient agent = BROKER.agent("operator");
    Reply reply = agent.exchange(Via.MTLS, read(API)).expect(200);
    contents("GET", API, reply.text("access_token")).expect(200);

    String logged = GITHUB.auditLog().getLast().hashedToken();
    Reply blame = BROKER.operator().blame(Map.of("github_hashed_token", logged)).expect(200);

    assertEquals(agent.id(), blame.text("agent"));
    assertEquals(reply.text("writ"), blame.text("writ"));
  }

  @Test
  void a_second_exchange_hands_out_the_same_token_and_asks_github_for_nothing() {
    AgentClient agent = BROKER.agent("operator");
    Reply first = agent.exchange(Via.MTLS, read(API)).expect(200);
    int asked = GITHUB.requests().size();

    Reply second = agent.exchange(Via.DPOP, read(API)).expect(200);

    assertEquals(first.text("access_token"), second.text("access_token"));
    assertEquals(first.text("writ"), second.text("writ"));
    assertEquals(asked, GITHUB.requests().size());
    assertEquals(1, BROKER.records().rows("again", agent.id()));
  }

  @Test
  void fifty_exchanges_at_once_are_one_mint() throws Exception {
    AgentClient agent = BROKER.agent("operator");
    agent.exchange(Via.MTLS, read(API)).expect(200);
    int minted = GITHUB.mints().size();
    List<CompletableFuture<Reply>> asked = new ArrayList<>();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        asked.add(
            CompletableFuture.supplyAsync(
                () -> agent.exchange(Via.DPOP, ask("write", API)), threads));
      }
    }

    Set<String> tokens =
        asked.stream()
            .map(answer -> answer.join().expect(200).text("access_token"))
            .collect(Collectors.toSet());
    assertEquals(1, tokens.size());
    assertEquals(minted + 1, GITHUB.mints().size());
  }

  @Test
  void two_agents_never_share_a_token() {
    Reply one = BROKER.agent("operator").exchange(Via.MTLS, read(API)).expect(200);
    Reply other = BROKER.agent("operator").exchange(Via.MTLS, read(API)).expect(200);

    assertFalse(one.text("access_token").equals(other.text("access_token")));
  }

  @Test
  void kill_ends_the_tokens_at_github_before_it_answers() {
    AgentClient agent = BROKER.agent("operator");
    String one = agent.exchange(Via.MTLS, read(API)).expect(200).text("access_token");
    String other = agent.exchange(Via.MTLS, read(WEB)).expect(200).text("access_token");

    Reply killed = BROKER.operator().kill(agent.id()).expect(200);

    List<String> results = new ArrayList<>();
    killed.json().path("results").forEach(one2 -> results.add(one2.path("result").asText()));
    assertEquals(List.of("revoked", "revoked"), results);
    assertTrue(killed.json().path("results").get(0).path("answer").asText().startsWith("204"));
    assertFalse(atGitHub(one).live());
    assertFalse(atGitHub(other).live());
    contents("GET", API, one).expect(401);
    agent.exchange(Via.MTLS, read(API)).expect(400);
  }

  @Test
  void an_agent_that_gives_a_token_back_has_it_ended_and_gets_another_one() {
    AgentClient agent = BROKER.agent("operator");
    String token = agent.exchange(Via.MTLS, read(API)).expect(200).text("access_token");

    agent.revoke(Via.MTLS, token).expect(200);

    assertFalse(atGitHub(token).live());
    String next = agent.exchange(Via.MTLS, read(API)).expect(200).text("access_token");
    assertFalse(token.equals(next));
    assertTrue(atGitHub(next).live());
  }

  @Test
  void a_shorter_life_is_ended_at_github_when_it_is_over() throws InterruptedException {
    AgentClient agent = BROKER.agent("operator");

    Reply reply = agent.exchange(Via.MTLS, read(API).ttl(3)).expect(200);

    IssuedToken token = atGitHub(reply.text("access_token"));
    assertTrue(reply.json().path("expires_in").asInt() <= 3);
    assertTrue(token.live());
    eventually("it is ended", PATIENCE, () -> !token.live());
    assertFalse(Instant.now().isBefore(token.expiresAt().minus(Duration.ofMinutes(60))));
    eventually(
        "it is written down", PATIENCE, () -> BROKER.records().rows("ended", agent.id()) == 1);
  }

  @Test
  void no_table_holds_a_token_that_can_be_read() {
    AgentClient agent = BROKER.agent("operator");
    String token = agent.exchange(Via.MTLS, read(API)).expect(200).text("access_token");

    for (String columns :
        List.of(
            "encode(sealed, 'escape') AS text FROM held",
            "to_json(t)::text AS text FROM held t",
            "to_json(t)::text AS text FROM writ t",
            "to_json(t)::text AS text FROM ledger t")) {
      List<String> rows =
          BROKER.records().texts("SELECT " + columns + " WHERE agent = ?::uuid", agent.id());
      assertFalse(rows.isEmpty(), columns);
      assertFalse(rows.toString().contains(token), columns);
      assertFalse(rows.toString().contains(hex(token)), columns);
    }
  }

  private static String hex(String text) {
    return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nothing_is_asked_of_github_for_what_the_policy_refuses() {
    AgentClient agent = BROKER.agent("operator");

    for (Ask ask :
        List.of(
            read(SECRET),
            ask("admin", API),
            Ask.github("acme/api", Map.of("members", "read")),
            Ask.github("acme/api", Map.of()),
            Ask.github(List.of(), Map.of("contents", "read")),
            Ask.details(Map.of("type", "github", "repositories", List.of("*"))),
            Ask.github("acme/api/../secret", Map.of("contents", "read")),
            Ask.github("acme/api%2f..%2fsecret", Map.of("contents", "read")),
            Ask.github("acme/api.git", Map.of("contents", "read")),
            Ask.github("acme/api.", Map.of("contents", "read")),
            Ask.github("acme/\u0430pi", Map.of("contents", "read")),
            Ask.github("acme/api\u202e", Map.of("contents", "read")),
            Ask.github("acme/api\0", Map.of("contents", "read")),
            Ask.resource("https://github.com/acme/secret"))) {
      asksNothing(() -> agent.exchange(Via.MTLS, ask)).expect(400);
    }
  }

  @Test
  void omitted_permissions_mean_those_of_the_policy_and_are_never_omitted_to_github() {
    AgentClient agent = BROKER.agent("operator");

    Reply reply =
        agent
            .exchange(
                Via.MTLS,
                Ask.details(Map.of("type", "github", "repositories", List.of("acme/api"))))
            .expect(200);

    assertEquals(
        Map.of("contents", "write", "issues", "write", "metadata", "read"),
        atGitHub(reply.text("access_token")).permissions());
    JsonNode sent = GITHUB.mints().getLast().json();
    assertEquals(1, sent.path("repository_ids").size());
    assertEquals(2, sent.path("permissions").size());
  }

  @Test
  void names_are_compared_as_github_compares_them() {
    AgentClient agent = BROKER.agent("operator");

    Reply reply =
        agent.exchange(Via.MTLS, Ask.github("Acme/API", Map.of("contents", "read"))).expect(200);

    assertEquals(
        Optional.of(Set.of(API.id())), atGitHub(reply.text("access_token")).repositoryIds());
  }

  @Test
  void a_repository_is_found_by_its_address_where_git_clones_from() {
    AgentClient agent = BROKER.agent("operator");
    String host = GITHUB.url().getAuthority();

    Reply reply =
        agent.exchange(Via.MTLS, Ask.resource("https://" + host + "/acme/web")).expect(200);

    assertEquals(
        Optional.of(Set.of(WEB.id())), atGitHub(reply.text("access_token")).repositoryIds());
  }

  @Test
  void a_token_of_one_github_is_not_given_for_an_address_at_another() {
    AgentClient agent = BROKER.agent("operator");

    Reply resource =
        asksNothing(() -> agent.exchange(Via.MTLS, Ask.resource("https://github.com/acme/api")));
    Reply git =
        asksNothing(
            () -> agent.git(Via.MTLS, "protocol=https\nhost=github.com\npath=acme/api.git\n\n"));

    assertEquals("invalid_target", resource.expect(400).error());
    assertTrue(git.expect(400).body().contains("of an account at github.com"), git::body);
  }

  @Test
  void every_repository_is_every_id() {
    AgentClient agent = BROKER.agent("everything");

    Reply reply =
        agent
            .exchange(
                Via.MTLS,
                Ask.details(
                    Map.of("type", "github", "account", "acme", "repositories", List.of("*"))))
            .expect(200);

    assertTrue(
        atGitHub(reply.text("access_token"))
            .repositoryIds()
            .orElseThrow()
            .containsAll(Set.of(API.id(), WEB.id(), SECRET.id())));
  }

  @Test
  void a_wider_answer_is_ended_alarmed_and_given_to_nobody() {
    AgentClient agent = BROKER.agent("operator");
    agent.exchange(Via.MTLS, read(WEB)).expect(200);
    Set<IssuedToken> before = Set.copyOf(GITHUB.liveTokens());

    for (MintFault fault :
        List.of(
            MintFault.morePermissions("issues", "write"),
            MintFault.moreRepositories(SECRET),
            new MintFault.AllRepositories(),
            new MintFault.Missing("permissions"))) {
      GITHUB.nextMint(fault);
      Reply reply = agent.exchange(Via.MTLS, ask("write", WEB)).expect(503);
      assertFalse(reply.body().contains("ghs_"), reply::body);
      assertEquals(before, Set.copyOf(GITHUB.liveTokens()));
    }
    assertEquals(4, BROKER.records().rows("withhold", agent.id()));
    List<String> rows =
        BROKER
            .records()
            .texts(
                "SELECT body AS text FROM ledger WHERE kind = 'withhold' AND agent = ?::uuid",
                agent.id());
    assertTrue(rows.stream().allMatch(row -> row.contains("\"too_wide\"")), rows::toString);
    assertEquals(4, BROKER.records().rows("alarm", agent.id()));
  }

  @Test
  void a_repository_that_was_recreated_is_refused_until_an_admin_forgets_the_old_one() {
    Repository old = ACME.repository("volatile");
    AgentClient agent = BROKER.agent("operator");
    agent.exchange(Via.MTLS, read(old)).expect(200);
    old.delete();
    Repository recreated = ACME.repository("volatile");

    Reply refused = agent.exchange(Via.MTLS, ask("write", recreated)).expect(400);

    assertEquals("invalid_target", refused.error());
    assertEquals("target_refused", refused.text("reason"));
    assertTrue(
        refused.text("error_description").contains("acme/volatile is bound to id " + old.id()),
        refused::body);
    String path = "/v1/github/repositories/acme/volatile";
    agent.send(Via.MTLS, "DELETE", path, Map.of(), "").expect(404);
    BROKER.anybody().send("DELETE", agent.uri(path), Map.of(), "").expect(401);
    Reply forgotten = BROKER.operator().send("DELETE", path, Map.of(), "").expect(200);
    assertEquals(old.id(), forgotten.json().path("id").asLong());
    BROKER.operator().send("DELETE", path, Map.of(), "").expect(404);
    assertEquals(
        1,
        BROKER.records().texts("SELECT body AS text FROM ledger WHERE kind = 'forget'").stream()
            .filter(row -> row.contains("acme/volatile") && row.contains("\"by\":\"operator\""))
            .count());
    Reply again = agent.exchange(Via.MTLS, ask("write", recreated)).expect(200);
    assertEquals(
        Optional.of(Set.of(recreated.id())), atGitHub(again.text("access_token")).repositoryIds());
  }

  @Test
  void a_suspended_installation_is_a_refusal_that_says_so() {
    AgentClient agent = BROKER.agent("operator");
    INSTALLATION.suspend();
    try {
      Reply refused = agent.exchange(Via.MTLS, read(API)).expect(400);
      assertEquals("target_refused", refused.text("reason"));
      assertTrue(refused.text("error_description").contains("suspended"), refused::body);
    } finally {
      INSTALLATION.unsuspend();
    }
    agent.exchange(Via.MTLS, read(API)).expect(200);
  }

  @Test
  void a_lost_answer_is_told_and_recorded_as_unknown() {
    AgentClient agent = BROKER.agent("operator");
    agent.exchange(Via.MTLS, read(API)).expect(200);
    GITHUB.nextMint(new MintFault.Lost());

    Reply lost = agent.exchange(Via.MTLS, ask("write", API)).expect(503);

    assertTrue(lost.text("error_description").contains("within the hour"), lost::body);
    assertEquals(
        1,
        BROKER
            .records()
            .texts(
                "SELECT state AS text FROM writ WHERE agent = ?::uuid AND state = 'unknown'",
                agent.id())
            .size());
    agent.exchange(Via.MTLS, ask("write", API)).expect(200);
  }

  @Test
  void the_git_credential_names_the_repository_only() {
    AgentClient agent = BROKER.agent("operator");
    String host = GITHUB.url().getAuthority();

    Reply reply =
        agent.git(Via.MTLS, "protocol=https\nhost=" + host + "\npath=acme/api.git\n\n").expect(200);

    assertTrue(reply.body().startsWith("username=x-access-token\npassword=ghs_"));
    String token = reply.body().lines().toList().get(1).substring("password=".length());
    assertEquals(Map.of("contents", "write", "metadata", "read"), atGitHub(token).permissions());
  }
}
