package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.Reply;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What every refusal is: 4xx, words to act on, nothing of the inside, and nothing given out. */
final class Refused {
  private static final Pattern INSIDE =
      Pattern.compile(
          "\\bat \\w+[.$(]\\w|[Ee]xception|\\.java:|SQL|\\bnull\\b|\\bjava\\.(lang|util|io|net)|dev\\.writ"
              + "|io\\.(vertx|netty)|com\\.(fasterxml|nimbusds)|org\\.(postgresql|bouncycastle)");
  private static final int WORDS_MIN = 15;

  private Refused() {}

  /** The answer to a request that must be refused and give out nothing. */
  static Reply by(TestBroker broker, Supplier<Reply> request) {
    return worded(broker.mintsNothing(request));
  }

  /** The same for an answer that has come. */
  static Reply worded(Reply reply) {
    assertTrue(reply.status() >= 400 && reply.status() < 500, reply::toString);
    String member = reply.error().isEmpty() ? "detail" : "error_description";
    String words = reply.json().path(member).asText();
    assertTrue(words.length() >= WORDS_MIN, () -> "says too little: " + reply);
    assertFalse(INSIDE.matcher(reply.body()).find(), () -> "shows its inside: " + reply);
    assertTrue(reply.headers("Server").isEmpty(), () -> "names its software: " + reply);
    return reply;
  }
}
