package dev.writ.broker.api;

import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Routes;
import dev.writ.broker.keys.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * {@code GET /openapi.yaml}: the description of this API (OpenAPI 3.1), for everybody. It changes
 * with the release only: its hash is its entity tag.
 */
final class OpenApiEndpoint {
  private final String tag;
  private final Answer whole;
  private final Answer unchanged;

  OpenApiEndpoint() {
    String text = text();
    this.tag = '"' + Digests.sha256Base64Url(text.getBytes(StandardCharsets.UTF_8)) + '"';
    this.whole = cached(Answer.text(200, "application/yaml", text)); // RFC 9512
    this.unchanged = cached(Answer.empty(304));
  }

  void routes(Routes routes) {
    routes.get("/openapi.yaml", call -> isHeld(call) ? unchanged : whole);
  }

  private Answer cached(Answer answer) {
    return answer.with("ETag", tag).with("Cache-Control", "public, max-age=300");
  }

  /** Whether the caller has this very text (RFC 9110 section 13.1.2). */
  private boolean isHeld(Call call) {
    return call.headers("if-none-match").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(value -> value.strip().replaceFirst("^W/", ""))
        .anyMatch(value -> value.equals(tag) || value.equals("*"));
  }

  private static String text() {
    try (InputStream file = OpenApiEndpoint.class.getResourceAsStream("openapi.yaml")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("openapi.yaml cannot be read", broken);
    }
  }
}
