package dev.writ.vault;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.NodeTokens;
import dev.writ.broker.keys.VaultSettings;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Logical;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.response.LogicalResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks Vault, each time until there is an answer or {@code vault.timeout} is over: what passes by
 * itself is asked again, after a tenth of a second and then each time twice as long; a token that
 * is not taken is replaced once. While Vault is away, who asks within a second after somebody found
 * that out is told the same at once, so that nobody queues for it.
 */
final class Client implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration AWAY = Duration.ofSeconds(1);

  /** One request of the driver's. */
  private interface Request {
    LogicalResponse send(Logical logical) throws VaultException;
  }

  private record Away(Answer.Failed<JsonObject> answer, Deadline until) {}

  private final Connection connection;
  private final Session session;
  private volatile @Nullable Away away;

  Client(Connection connection, Session session) {
    this.connection = connection;
    this.session = session;
  }

  static Client open(VaultSettings settings, NodeTokens node, InstantSource clock) {
    Connection connection = Connection.open(settings);
    return new Client(
        connection, new Session(new Logins(connection, node), settings.timeout(), clock));
  }

  /** Where Vault is, and in it, as configured. */
  VaultSettings settings() {
    return connection.settings();
  }

  /**
   * @param subject the key that it is about, for the message
   * @throws KeyException if there is no good answer, saying why and what to do
   */
  JsonObject read(Object subject, String path) {
    return ask(subject, path, logical -> logical.read(path));
  }

  /**
   * @throws KeyException as {@link #read}
   */
  JsonObject write(Object subject, String path, Map<String, Object> body) {
    return ask(subject, path, logical -> logical.write(path, body));
  }

  /**
   * What Vault says of itself to everybody.
   *
   * @throws KeyException as {@link #read}
   */
  JsonObject health(Object subject) {
    String path = "sys/health?standbyok=true&perfstandbyok=true";
    Deadline deadline = Deadline.in(settings().timeout());
    return patiently(subject, path, deadline, () -> anonymous(path, deadline));
  }

  private Answer<JsonObject> anonymous(String path, Deadline deadline) {
    try {
      return Answers.of(connection.anonymous(deadline).read(path));
    } catch (VaultException failed) {
      return Answers.of(failed);
    }
  }

  private JsonObject ask(Object subject, String path, Request request) {
    Deadline deadline = Deadline.in(settings().timeout());
    return patiently(subject, path, deadline, () -> once(request, deadline));
  }

  private JsonObject patiently(
      Object subject, String path, Deadline deadline, Supplier<Answer<JsonObject>> attempt) {
    Away known = away;
    if (known != null && !known.until().left().isZero()) {
      throw refused(subject, path, known.answer());
    }
    Duration pause = FIRST_PAUSE;
    Optional<Answer.Failed<JsonObject>> before = Optional.empty();
    while (true) {
      switch (attempt.get()) {
        case Answer.Got<JsonObject>(JsonObject got) -> {
          away = null;
          return got;
        }
        case Answer.Failed<JsonObject> last -> {
          // The last attempt may have too little time left to say more than that.
          Answer.Failed<JsonObject> failed =
              last.trouble() == Trouble.SLOW ? before.orElse(last) : last;
          before = Optional.of(failed);
          if (!failed.trouble().passes()) {
            throw refused(subject, path, failed);
          }
          if (pause.compareTo(deadline.left()) >= 0) {
            away = new Away(failed, Deadline.in(AWAY));
            throw refused(subject, path, failed);
          }
        }
      }
      sleep(pause, subject);
      pause = pause.multipliedBy(2);
    }
  }

  private Answer<JsonObject> once(Request request, Deadline deadline) {
    Answer<JsonObject> answer = new Answer.Failed<>(Trouble.FORBIDDEN, "");
    for (int login = 0; login < 2; login++) {
      switch (session.token(deadline)) {
        case Answer.Failed<Token> failed -> {
          return failed.as();
        }
        case Answer.Got<Token>(Token token) -> {
          answer = send(request, token, deadline);
          if (!(answer instanceof Answer.Failed<JsonObject>(Trouble trouble, String said))
              || trouble != Trouble.FORBIDDEN) {
            return answer;
          }
          if (login == 0) {
            session.drop(token);
          }
        }
      }
    }
    return answer;
  }

  private Answer<JsonObject> send(Request request, Token token, Deadline deadline) {
    try {
      return Answers.of(request.send(connection.logical(token, deadline)));
    } catch (VaultException failed) {
      return Answers.of(failed);
    }
  }

  private KeyException refused(Object subject, String path, Answer.Failed<JsonObject> failed) {
    int query = path.indexOf('?');
    return new KeyException(
        "%s: %s (%s/v1/%s%s%s). %s"
            .formatted(
                subject,
                failed.trouble().found(),
                settings().address(),
                query < 0 ? path : path.substring(0, query),
                settings().namespace().map(name -> ", namespace " + name).orElse(""),
                failed.said().isEmpty() ? "" : ": " + failed.said(),
                failed.trouble().remedy()));
  }

  private static void sleep(Duration pause, Object subject) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new KeyException(subject + ": interrupted while Vault was asked", stopped);
    }
  }

  @Override
  public void close() {
    session.close();
    connection.close();
  }
}
