package dev.writ.vault;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.fixtures.process.Ports;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Troubles that a real server cannot be brought to at will. */
class VaultTroubleTest {
  private static final String KEY = "/v1/transit/keys/root";

  @TempDir Path folder;

  private final WireMockServer server = new WireMockServer(options().dynamicPort());
  private VaultKeyProvider provider;

  @BeforeEach
  void start() throws Exception {
    server.start();
    Files.writeString(folder.resolve("token"), "jwt");
    server.stubFor(
        post(urlEqualTo("/v1/auth/jwt/login"))
            .willReturn(
                okJson(
                    """
                    {"request_id":"r","lease_id":"","renewable":false,"lease_duration":0,"data":null,
                     "auth":{"client_token":"t","accessor":"a","policies":[],"token_policies":[],
                       "metadata":{},"lease_duration":3600,"renewable":true,"entity_id":"e"}}
                    """)));
    provider = provider(URI.create(server.baseUrl()));
  }

  @AfterEach
  void stop() {
    provider.close();
    server.stop();
  }

  private VaultKeyProvider provider(URI address) {
    VaultKeyProvider made = new VaultKeyProvider();
    made.configure(
        new KeySettings(
            Optional.of(
                new VaultSettings(
                    address,
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofSeconds(2),
                    new VaultSettings.Jwt("broker", folder.resolve("token"), "jwt"))),
            KeySettings.NONE.node()));
    return made;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503|{\"errors\":[\"Vault is sealed\"]}|SEALED",
        "500|{\"errors\":[\"local node not active but active cluster node not found\"]}|LEADERLESS",
        "473|{\"errors\":[]}|LEADERLESS",
        "412|{\"errors\":[\"required index state not present\"]}|LEADERLESS",
        "429|{\"errors\":[\"request path \\\"transit\\\": rate limit quota exceeded\"]}|BUSY",
        "500|{\"errors\":[\"internal error\"]}|FAULT",
        "502|<html>bad gateway</html>|FAULT",
        "501|{\"errors\":[\"not initialized\"]}|UNINITIALIZED",
        "404|{\"errors\":[]}|NO_KEY",
        "404|{\"errors\":[\"no handler for route \\\"transit/keys/root\\\"\"]}|NO_ENGINE",
        "403|{\"errors\":[\"permission denied\"]}|FORBIDDEN",
        "400|{\"errors\":[\"something else\"]}|UNSUITABLE",
        "200|<html>welcome</html>|UNINTELLIGIBLE",
        "200|[1, 2]|UNINTELLIGIBLE",
        "418|tea|UNINTELLIGIBLE",
      })
  void says_what_each_answer_means_and_what_to_do(int status, String body, Trouble trouble) {
    answer(aResponse().withStatus(status).withBody(body));
    refused(trouble);
  }

  @Test
  void does_not_follow_where_it_is_pointed_to() {
    String elsewhere = server.baseUrl() + "/elsewhere";
    answer(aResponse().withStatus(307).withHeader("Location", elsewhere));
    refused(Trouble.ELSEWHERE);
    server.verify(0, getRequestedFor(urlEqualTo("/elsewhere")));
  }

  @Test
  void waits_no_longer_than_it_may_for_headers_or_for_a_body_that_drips() {
    answer(aResponse().withFixedDelay(10_000));
    long start = System.nanoTime();
    refused(Trouble.SLOW);
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(8).toNanos());

    provider = provider(URI.create(server.baseUrl()));
    answer(aResponse().withBody("x".repeat(1_000)).withChunkedDribbleDelay(100, 20_000));
    start = System.nanoTime();
    refused(Trouble.SLOW);
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(8).toNanos());
  }

  @Test
  void reads_no_more_than_a_megabyte() {
    answer(okJson("{\"data\":\"" + "x".repeat(1024 * 1024) + "\"}"));
    refused(Trouble.UNINTELLIGIBLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "MALFORMED_RESPONSE_CHUNK"})
  void takes_a_connection_that_breaks_for_one_that_is_not_there(Fault fault) {
    answer(aResponse().withFault(fault));
    refused(Trouble.UNREACHABLE);
  }

  @Test
  void says_that_nothing_listens() {
    provider = provider(URI.create("http://127.0.0.1:" + Ports.free()));
    refused(Trouble.UNREACHABLE);
  }

  @Test
  void asks_again_what_passes_by_itself() {
    server.stubFor(
        get(urlEqualTo(KEY))
            .inScenario("passes")
            .whenScenarioStateIs("Started")
            .willReturn(aResponse().withStatus(503).withBody("{\"errors\":[\"Vault is sealed\"]}"))
            .willSetStateTo("unsealed"));
    server.stubFor(
        get(urlEqualTo(KEY))
            .inScenario("passes")
            .whenScenarioStateIs("unsealed")
            .willReturn(aResponse().withStatus(404).withBody("{\"errors\":[]}")));

    refused(Trouble.NO_KEY);
    server.verify(2, getRequestedFor(urlEqualTo(KEY)));
  }

  @Test
  void tells_who_asks_within_the_next_second_at_once() throws Exception {
    answer(aResponse().withStatus(503).withBody("{\"errors\":[\"Vault is sealed\"]}"));
    refused(Trouble.SEALED);
    int asked = server.findAll(getRequestedFor(urlEqualTo(KEY))).size();
    long start = System.nanoTime();
    refused(Trouble.SEALED);
    assertTrue(System.nanoTime() - start < Duration.ofMillis(500).toNanos());
    assertEquals(asked, server.findAll(getRequestedFor(urlEqualTo(KEY))).size());

    Thread.sleep(1_100);
    answer(aResponse().withStatus(404).withBody("{\"errors\":[]}"));
    refused(Trouble.NO_KEY);
  }

  @Test
  void says_where_the_section_is_missing() {
    KeyException missing =
        assertThrows(KeyException.class, () -> new VaultKeyProvider().signer(ref("transit/root")));
    assertTrue(missing.getMessage().contains("add the section vault"), missing.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root",
        "transit/",
        "/transit/root",
        "transit//root",
        "transit/../root",
        "transit/./root",
        "transit/ro ot",
        "transit/root?version=0",
        "transit/root?version=x",
        "transit/root?other=1",
        "transit/root#1",
        "transit/%2e%2e"
      })
  void refuses_what_is_no_place_of_a_key(String location) {
    String message =
        assertThrows(KeyException.class, () -> provider.signer(ref(location))).getMessage();
    assertTrue(message.contains("expected vault:<transit mount>/<key>"), message);
  }

  private void answer(ResponseDefinitionBuilder answer) {
    server.stubFor(any(anyUrl()).atPriority(9).willReturn(aResponse().withStatus(404)));
    server.stubFor(get(urlEqualTo(KEY)).willReturn(answer));
  }

  private void refused(Trouble trouble) {
    String message =
        assertThrows(KeyException.class, () -> provider.signer(ref("transit/root"))).getMessage();
    assertTrue(message.contains(trouble.found()), message);
    assertTrue(message.contains(trouble.remedy()), message);
    assertTrue(message.startsWith("vault:transit/root: "), message);
    assertFalse(message.contains("null"), message);
  }

  private KeyRef ref(String location) {
    return KeyRef.parse("vault:" + location, folder);
  }
}
