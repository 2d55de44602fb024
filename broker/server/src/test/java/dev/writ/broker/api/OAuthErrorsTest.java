package dev.writ.broker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.api.Callers.Stranger;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.ledger.LedgerUnavailable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OAuthErrorsTest {
  @Test
  void what_cannot_be_put_on_record_is_temporarily_unavailable() {
    AtomicInteger counted = new AtomicInteger();
    Endpoint endpoint =
        OAuthErrors.STANDARD.guarding(
            call -> {
              throw new LedgerUnavailable("full");
            },
            counted::incrementAndGet);

    assertUnavailable(endpoint.answer(TestEndpoints.form("token=x")));
    assertEquals(1, counted.get());
  }

  @Test
  void nobody_known_is_an_invalid_client() {
    Answer answer = new Stranger(false, "Log in.").oauthError();

    assertEquals(401, answer.status());
    assertEquals("Bearer, DPoP algs=\"ES256\"", answer.headers().get("WWW-Authenticate"));
    assertEquals("invalid_client", TestEndpoints.json(answer).path("error").asText());
    assertEquals("Log in.", TestEndpoints.json(answer).path("error_description").asText());
  }

  @Test
  void that_nobody_can_be_known_now_is_temporarily_unavailable() {
    assertUnavailable(new Stranger(true, "The provider does not answer.").oauthError());
  }

  @Test
  void a_description_has_no_characters_that_oauth_does_not_allow() {
    JsonNode json =
        TestEndpoints.json(OAuthErrors.STANDARD.invalidRequest("a \"b\" \u00e9", Map.of()));

    assertEquals("a 'b' ", json.path("error_description").asText());
  }

  @Test
  void the_container_format_has_other_names_for_the_same() {
    JsonNode json = TestEndpoints.json(OAuthErrors.CONTAINER.invalidRequest("a", Map.of("b", 1)));

    assertEquals("{\"code\":\"invalid_request\",\"message\":\"a\",\"b\":1}", json.toString());
  }

  private static void assertUnavailable(Answer answer) {
    assertEquals(503, answer.status());
    assertEquals("1", answer.headers().get("Retry-After"));
    assertEquals("no-store", answer.headers().get("Cache-Control"));
    assertEquals("temporarily_unavailable", TestEndpoints.json(answer).path("error").asText());
  }
}
