package dev.writ.broker.github;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.DatabaseSettings.HostPort;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.writ.TestWrits;
import dev.writ.fixtures.fault.TcpProxy;
import dev.writ.fixtures.github.MintFault;
import dev.writ.policy.Repository;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A GitHub that is slow, broken or away. */
class FaultsTest {
  private static final Duration IMPATIENT = Duration.ofMillis(1_200);
  private static final int LATE_MILLIS = 2_500;
  private static final String LOOK_UP = "/orgs/acme/installation";
  private static final String MINT = "/app/installations/7/access_tokens";
  private static final String TOKEN = "/installation/token";

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  private static final WireMockServer GITHUB =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  @BeforeAll
  static void starts() {
    GITHUB.start();
  }

  @AfterAll
  static void stops() {
    GITHUB.stop();
  }

  @BeforeEach
  void answers_as_github_does() {
    GITHUB.resetAll();
    String installation =
        "{\"id\":7,\"app_id\":%d,\"account\":{\"login\":\"Acme\"},\"permissions\":{},\"suspended_at\":null}"
            .formatted(hub.app.id());
    String repository = "{\"id\":42,\"full_name\":\"acme/api\"}";
    String token =
        "{\"token\":\"ghs_x\",\"expires_at\":\"%s\",\"permissions\":{\"metadata\":\"read\"},\"repository_selection\":\"selected\",\"repositories\":[%s]}"
            .formatted(Instant.now().plusSeconds(3600), repository);
    GITHUB.stubFor(get(LOOK_UP).willReturn(okJson(installation)));
    GITHUB.stubFor(post(MINT).willReturn(okJson(token).withStatus(201)));
    GITHUB.stubFor(delete(TOKEN).willReturn(status(204)));
    hub.bindings()
        .bind(
            url(),
            new Asking(
                new App("1", jwt(), Set.of()),
                "acme",
                UUID.randomUUID(),
                Uuids.next(),
                Deadline.in(Duration.ofSeconds(1))),
            Map.of(new Repository("acme", "api"), 42L));
  }

  private static AppJwt jwt() {
    return new AppJwt("1", TestKeys.signer(HubExtension.KEY.pem()), Clock.systemUTC());
  }

  private static URI url() {
    return URI.create(GITHUB.baseUrl());
  }

  private GitHubMinter minter() {
    return minter(url());
  }

  private GitHubMinter minter(URI url) {
    return hub.minter(url, Optional.empty(), IMPATIENT, "acme", hub.app);
  }

  private static Minted mint(GitHubMinter minter) {
    return minter.mint(Asked.intent(Asked.grant(Asked.READ, "api")));
  }

  private static Ending revoke(GitHubMinter minter) {
    return minter.revoke(new Minter.Held("ghs_x", Instant.now().plusSeconds(60)));
  }

  private static String unknown(Minted minted) {
    return assertInstanceOf(Minted.Unknown.class, minted, () -> String.valueOf(minted)).reason();
  }

  private static String unavailable(Minted minted) {
    return assertInstanceOf(Minted.Unavailable.class, minted, () -> String.valueOf(minted))
        .reason();
  }

  private static ResponseDefinitionBuilder cut() {
    return aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
  }

  private static ResponseDefinitionBuilder late() {
    return aResponse().withStatus(201).withFixedDelay(LATE_MILLIS);
  }

  @Test
  void without_faults_it_mints() {
    assertInstanceOf(Minted.Issued.class, mint(minter()));
  }

  @Test
  void a_look_up_that_fails_once_is_tried_again() {
    for (ResponseDefinitionBuilder fault : List.of(cut(), status(502))) {
      GITHUB.stubFor(
          get(LOOK_UP)
              .atPriority(1)
              .inScenario("once")
              .whenScenarioStateIs(Scenario.STARTED)
              .willReturn(fault)
              .willSetStateTo("over"));
      assertInstanceOf(Minted.Issued.class, mint(minter()));
      GITHUB.resetScenarios();
    }
  }

  @Test
  void a_look_up_that_fails_twice_leaves_nothing_and_says_so() {
    GITHUB.stubFor(get(LOOK_UP).willReturn(status(503)));

    assertTrue(unavailable(mint(minter())).contains("in trouble (503"));

    GITHUB.verify(2, getRequestedFor(urlEqualTo(LOOK_UP)));
    GITHUB.verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  void a_mint_that_is_cut_off_is_unknown_and_not_repeated() {
    for (Fault fault :
        List.of(
            Fault.CONNECTION_RESET_BY_PEER,
            Fault.EMPTY_RESPONSE,
            Fault.RANDOM_DATA_THEN_CLOSE,
            Fault.MALFORMED_RESPONSE_CHUNK)) {
      GITHUB.resetRequests();
      GITHUB.stubFor(post(MINT).willReturn(aResponse().withStatus(201).withFault(fault)));

      assertTrue(unknown(mint(minter())).contains("ends within the hour"));
      GITHUB.verify(1, postRequestedFor(anyUrl()));
    }
  }

  @Test
  void a_mint_that_takes_too_long_is_unknown_and_the_agent_has_not_waited_for_ever() {
    GITHUB.stubFor(post(MINT).willReturn(late()));
    GitHubMinter minter = minter();
    Instant before = Instant.now();

    assertTrue(unknown(mint(minter)).contains("no answer within"));

    assertTrue(Duration.between(before, Instant.now()).toMillis() < LATE_MILLIS + 1_000);
    GITHUB.verify(1, postRequestedFor(anyUrl()));
  }

  @Test
  void a_body_that_trickles_is_not_waited_for_either() {
    GITHUB.stubFor(
        post(MINT)
            .willReturn(
                okJson("{\"token\":\"ghs_x\"}")
                    .withStatus(201)
                    .withChunkedDribbleDelay(5, LATE_MILLIS)));

    assertTrue(unknown(mint(minter())).contains("no answer within"));
  }

  @Test
  void a_servers_error_at_the_mint_is_unknown() {
    for (int status : new int[] {500, 502, 503, 504}) {
      GITHUB.stubFor(post(MINT).willReturn(status(status)));
      assertTrue(unknown(mint(minter())).contains("(" + status + ")"));
    }
  }

  @Test
  void an_answer_that_cannot_be_read_is_unknown() {
    for (String body :
        new String[] {
          "",
          "not JSON",
          "[]",
          "{\"token\":17}",
          "{\"token\":\"a b\"}",
          "{\"token\":\"a\",\"token\":\"b\"}"
        }) {
      GITHUB.stubFor(post(MINT).willReturn(aResponse().withStatus(201).withBody(body)));
      assertTrue(unknown(mint(minter())).contains("no token that can be read"), body);
    }
  }

  @Test
  void an_answer_without_end_is_cut_off_here() {
    GITHUB.stubFor(
        post(MINT).willReturn(aResponse().withStatus(201).withBody("x".repeat(9 * 1024 * 1024))));

    unknown(mint(minter()));
  }

  @Test
  void a_redirect_is_not_followed() {
    for (int status : new int[] {301, 307}) {
      GITHUB.stubFor(
          any(anyUrl())
              .atPriority(1)
              .willReturn(status(status).withHeader("Location", GITHUB.baseUrl() + "/elsewhere")));

      Minted.Refused refused = assertInstanceOf(Minted.Refused.class, mint(minter()));

      assertTrue(refused.reason().contains("redirects are not followed"), refused::reason);
      GITHUB.verify(0, getRequestedFor(urlEqualTo("/elsewhere")));
    }
  }

  @Test
  void a_clock_that_is_wrong_is_said_to_be_the_likely_cause() {
    String there =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().minusSeconds(900).atOffset(ZoneOffset.UTC));
    GITHUB.stubFor(
        get(LOOK_UP)
            .willReturn(
                okJson("{\"message\":\"'Expiration time' claim ('exp') is too far in the future\"}")
                    .withStatus(401)
                    .withHeader("Date", there)));

    Minted.Refused refused = assertInstanceOf(Minted.Refused.class, mint(minter()));

    assertTrue(
        refused.reason().matches(".*clock is (899|90[0-9]|91[0-9]) s ahead of GitHub's.*"),
        refused::reason);
  }

  @Test
  void a_limit_without_a_time_is_waited_for_a_minute() {
    GITHUB.stubFor(
        post(MINT)
            .willReturn(
                okJson("{\"message\":\"You have exceeded a secondary rate limit.\"}")
                    .withStatus(403)));

    Minted.Exhausted exhausted = assertInstanceOf(Minted.Exhausted.class, mint(minter()));

    long seconds = Duration.between(Instant.now(), exhausted.until()).toSeconds();
    assertTrue(seconds >= 50 && seconds <= 60, () -> seconds + " s");
  }

  @Test
  void a_reset_that_makes_no_sense_is_bounded_to_an_hour() {
    GITHUB.stubFor(
        post(MINT)
            .willReturn(
                status(429)
                    .withHeader("x-ratelimit-remaining", "0")
                    .withHeader("x-ratelimit-reset", "9999999999")));

    Minted.Exhausted exhausted = assertInstanceOf(Minted.Exhausted.class, mint(minter()));

    assertTrue(exhausted.until().isBefore(Instant.now().plusSeconds(3_601)));
  }

  @Test
  void a_github_that_is_away_is_unavailable_and_its_tokens_ends_unknown() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    GitHubMinter minter = minter(URI.create("http://localhost:" + nobody));

    assertTrue(unavailable(mint(minter)).contains("cannot be reached"));
    assertTrue(
        assertInstanceOf(Ending.Unknown.class, revoke(minter)).why().contains("cannot be reached"));
  }

  @Test
  void a_github_whose_certificate_nobody_vouches_for_is_not_asked() {
    GitHubMinter minter =
        hub.minter(hub.github.url(), Optional.empty(), IMPATIENT, "acme", hub.app);

    assertTrue(unavailable(mint(minter)).contains("certificate is not trusted"));
    assertEquals(List.of(), hub.github.requests());
  }

  @Test
  void an_end_that_is_not_answered_is_unknown() {
    for (ResponseDefinitionBuilder fault :
        List.of(status(500), status(403), status(404), status(429), cut())) {
      GITHUB.stubFor(delete(TOKEN).willReturn(fault));
      assertInstanceOf(Ending.Unknown.class, revoke(minter()));
    }
    GITHUB.resetRequests();
    GITHUB.stubFor(delete(TOKEN).willReturn(late()));
    assertInstanceOf(Ending.Unknown.class, revoke(minter()));
    GITHUB.verify(1, deleteRequestedFor(anyUrl()));
  }

  @Test
  void an_end_whose_connection_breaks_is_tried_once_more() {
    GITHUB.stubFor(
        delete(TOKEN)
            .inScenario("once")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(cut())
            .willSetStateTo("over"));
    GITHUB.stubFor(
        delete(TOKEN).inScenario("once").whenScenarioStateIs("over").willReturn(status(204)));

    assertInstanceOf(Ending.Revoked.class, revoke(minter()));
  }

  @Test
  void a_token_whose_answer_is_lost_or_late_is_one_that_nobody_has() {
    GitHubMinter minter = hub.minter(Duration.ofSeconds(2), hub.app);
    assertInstanceOf(Minted.Issued.class, mint(minter));
    int live = hub.github.liveTokens().size();

    hub.github.nextMint(new MintFault.Lost());
    unknown(mint(minter));
    hub.github.nextMint(new MintFault.Late(Duration.ofMillis(2_300)));
    unknown(mint(minter));

    assertEquals(live + 2, hub.github.liveTokens().size());
    assertTrue(
        hub.github.liveTokens().stream()
            .allMatch(token -> token.expiresAt().isBefore(Instant.now().plusSeconds(3_601))));
  }

  @Test
  void a_database_that_is_away_means_that_nothing_is_asked_for() {
    DatabaseSettings direct = DATABASE.settings();
    HostPort server = direct.hosts().getFirst();
    try (TcpProxy proxy = TcpProxy.to(server.host(), server.port());
        Database database =
            Database.open(
                new DatabaseSettings(
                    List.of(new HostPort("127.0.0.1", proxy.port())),
                    direct.database(),
                    direct.user(),
                    direct.password(),
                    direct.parameters()))) {
      GitHubMinter minter =
          hub.minter(
              url(),
              Optional.empty(),
              IMPATIENT,
              "acme",
              new RepositoryBindings(database, new TestWrits(database).acts()),
              hub.app);
      proxy.cutAll();
      proxy.refuse();

      assertTrue(unavailable(mint(minter)).contains("the database is away"));
    }
    GITHUB.verify(0, postRequestedFor(anyUrl()));
  }
}
