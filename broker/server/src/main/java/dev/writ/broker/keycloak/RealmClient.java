package dev.writ.broker.keycloak;

import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.remote.RemoteReply;
import dev.writ.broker.remote.Words;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;

/** Reads one document of a realm. For one thread. */
final class RealmClient implements AutoCloseable {
  /** 10,000 policies of some 6 KB. */
  private static final int BODY_BYTES_MAX = 64 * 1024 * 1024;

  /** From the question for a token to the last byte of the document. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final RemoteClient.Bounds BOUNDS =
      new RemoteClient.Bounds(PATIENCE, BODY_BYTES_MAX, 1);

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int UNAUTHORIZED = 401;

  private final RemoteClient remote;
  private final ServiceToken token;
  private final URI document;

  /**
   * @param name of the document: {@code policies} or {@code owners}
   * @throws dev.writ.broker.keys.KeyException if the key is none for ES256
   */
  RealmClient(RealmConnection realm, String name, Clock clock) {
    this.document = URI.create(realm.url() + "/writ/source/" + name);
    this.remote = new RemoteClient(realm.tls(), realm.proxy(), BOUNDS);
    this.token =
        new ServiceToken(
            remote,
            realm.url(),
            new ClientAssertion(realm.client(), realm.url(), realm.key()),
            clock);
  }

  /**
   * @param tag of the document that is at hand; empty for whatever there is
   */
  RealmAnswer read(String tag) {
    Deadline deadline = Deadline.in(PATIENCE);
    RemoteReply first = ask(tag, deadline);
    if (first instanceof RemoteReply.Answered answer && answer.status() == UNAUTHORIZED) {
      // Keycloak's keys or sessions may be new since the token was given.
      token.forget();
      first = ask(tag, deadline);
    }
    return switch (first) {
      case RemoteReply.Unanswered(RemoteReply.How _, String why) -> new RealmAnswer.Failed(why);
      case RemoteReply.Answered answer -> answered(answer);
    };
  }

  private RemoteReply ask(String tag, Deadline deadline) {
    return switch (token.get(deadline)) {
      case ServiceToken.Got.None(String why) ->
          new RemoteReply.Unanswered(RemoteReply.How.NOT_SENT, why);
      case ServiceToken.Got.Token(String text) -> remote.read(request(tag, text), deadline);
    };
  }

  private HttpRequest request(String tag, String bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(document)
            .header("Authorization", "Bearer " + bearer)
            .header("Accept", "application/json")
            .GET();
    return tag.isEmpty() ? request.build() : request.header("If-None-Match", tag).build();
  }

  private static RealmAnswer answered(RemoteReply.Answered answer) {
    return switch (answer.status()) {
      case OK ->
          new RealmAnswer.Document(answer.headers().firstValue("ETag").orElse(""), answer.body());
      case NOT_MODIFIED -> new RealmAnswer.Unchanged();
      default ->
          new RealmAnswer.Failed(
              "it answered "
                  + answer.status()
                  + " "
                  + Words.shown(new String(answer.body(), StandardCharsets.UTF_8)));
    };
  }

  @Override
  public void close() {
    remote.close();
  }
}
