package dev.writ.broker.github;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes installation tokens and ends them. */
final class Tokens {
  private static final Logger log = LoggerFactory.getLogger(Tokens.class);

  /** GitHub's own, which cannot be chosen. */
  static final Duration LIFE = Duration.ofHours(1);

  private static final int NAMED_MAX = 5;
  private static final String NOBODY_HAS_IT =
      "; if it made a token, nobody has it, and it ends within the hour";

  private final ApiClient client;
  private final Installations installations;
  private final Complaints complaints;
  private final Clock clock;

  Tokens(ApiClient client, Installations installations, Complaints complaints, Clock clock) {
    this.client = client;
    this.installations = installations;
    this.complaints = complaints;
    this.clock = clock;
  }

  /**
   * How a token that is wider than the request is handed over to be ended, with what is too much.
   */
  interface Wider extends BiFunction<GivenToken, String, Minted> {}

  /** A token that holds what was asked for, and nothing else. */
  Step<GivenToken> make(
      Asking asking, Installation installation, MintRequest request, Wider wider) {
    Secret jwt = asking.app().jwt().get();
    String path = "/app/installations/" + installation.id() + "/access_tokens";
    return switch (client.post(path, request.json(), jwt, asking.deadline())) {
      case Reply.Silence silence -> new Step.Stopped<>(silent(silence));
      case Reply.Answer answer -> judged(asking, jwt, request, answer, wider);
    };
  }

  private static Minted silent(Reply.Silence silence) {
    return switch (silence.how()) {
      case NOT_SENT -> Complaints.nothingAsked(silence);
      case CUT, LATE ->
          new Minted.Unknown("GitHub did not answer: " + silence.why() + NOBODY_HAS_IT);
    };
  }

  private Step<GivenToken> judged(
      Asking asking, Secret jwt, MintRequest request, Reply.Answer answer, Wider wider) {
    if (answer.status() == 201) {
      complaints.none(asking, answer);
      return compared(request, answer, wider);
    }
    if (answer.isServerError() || answer.status() / 100 == 2) {
      return new Step.Stopped<>(
          new Minted.Unknown(
              "GitHub did not say what it did (" + answer.said() + ")" + NOBODY_HAS_IT));
    }
    if (answer.status() == 404 && !Complaints.unknownApp(answer)) {
      return new Step.Gone<>();
    }
    if (answer.status() == 422) {
      return Step.refused(unprocessable(asking, request, answer));
    }
    return new Step.Stopped<>(complaints.of(asking, jwt, answer));
  }

  private Step<GivenToken> compared(MintRequest request, Reply.Answer answer, Wider wider) {
    return GivenToken.of(answer.json())
        .map(token -> compared(request, token, wider))
        .orElseGet(() ->
            new Step.Stopped<>(
                new Minted.Unknown(
                    "GitHub's answer holds no token that can be read" + NOBODY_HAS_IT)));
  }

  private Step<GivenToken> compared(MintRequest request, GivenToken token, Wider wider) {
    List<String> excess = token.excess(request);
    if (!excess.isEmpty()) {
      String what = String.join("; ", excess.stream().limit(NAMED_MAX).toList());
      return new Step.Stopped<>(wider.apply(token, what));
    }
    Instant end = token.endsAt().orElseThrow();
    if (!end.isAfter(clock.instant())) {
      end(token.secret());
      return Step.refused(
          "GitHub's token has ended already, at %s by GitHub's clock. Is this machine's right?"
              .formatted(end));
    }
    return new Step.Got<>(token);
  }

  private String unprocessable(Asking asking, MintRequest request, Reply.Answer answer) {
    String message = answer.message();
    if (message.contains("permissions requested")) {
      return "%s has not been granted %s in %s (%s). Add what is missing to the App's permissions; then an owner of %s has to accept it."
          .formatted(
              asking.app(),
              missing(asking, request),
              asking.account(),
              answer.said(),
              asking.account());
    }
    if (!message.contains("repository")) {
      return "GitHub refused the request of %s in %s (%s)"
          .formatted(asking.app(), asking.account(), answer.said());
    }
    return switch (request) {
      case MintRequest.Ids ids -> gone(asking, ids, answer);
      case MintRequest.Names names ->
          "%s in %s does not reach %s: mistyped, not there, or not selected for the installation (%s)"
              .formatted(asking.app(), asking.account(), some(names.repositories()), answer.said());
      case MintRequest.Listing _ ->
          "%s in %s reaches no repository (%s)"
              .formatted(asking.app(), asking.account(), answer.said());
    };
  }

  /** By what the account has granted now, not a while ago. */
  private String missing(Asking asking, MintRequest request) {
    installations.forget(asking);
    Permissions granted =
        installations.find(asking) instanceof Step.Got<Installation>(Installation now)
            ? now.permissions()
            : Permissions.of(Map.of());
    Map<String, Object> missing = request.permissions().words();
    request
        .permissions()
        .levels()
        .forEach((name, level) -> {
          if (granted.covers(Permissions.of(Map.of(name, level)))) {
            missing.remove(name);
          }
        });
    return missing.isEmpty() ? "what is asked for" : words(missing);
  }

  private static String words(Map<String, Object> permissions) {
    return permissions.entrySet().stream()
        .map(one -> one.getKey() + ": " + one.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String gone(Asking asking, MintRequest.Ids ids, Reply.Answer answer) {
    List<String> bound = new ArrayList<>();
    List<Repository> names = new ArrayList<>();
    ids.names()
        .forEach((id, known) ->
            known.forEach(name -> {
              bound.add(name + " is bound to id " + id);
              names.add(name);
            }));
    if (bound.isEmpty()) {
      return "The repositories of %s changed while they were listed; ask again (%s)"
          .formatted(asking.account(), answer.said());
    }
    String which = bound.size() == 1 ? "which is" : "and at least one of these is";
    return "%s, %s no longer there, or no longer selected for the installation of %s in %s. If the name belongs to another repository now and that one is meant, an admin has to forget the binding: DELETE /v1/github/repositories/%s (GitHub: %s)"
        .formatted(
            String.join(", ", bound.stream().limit(NAMED_MAX).toList())
                + (bound.size() > NAMED_MAX ? " and " + (bound.size() - NAMED_MAX) + " more" : ""),
            which,
            asking.app(),
            asking.account(),
            names.size() == 1 ? names.get(0) : asking.account() + "/{name}",
            answer.said());
  }

  static String some(List<Repository> repositories) {
    String first =
        String.join(
            ", ", repositories.stream().limit(NAMED_MAX).map(Repository::toString).toList());
    return repositories.size() <= NAMED_MAX
        ? first
        : "one of " + first + " and " + (repositories.size() - NAMED_MAX) + " more";
  }

  /** Ends a token by itself; nothing else can. Idempotent. */
  Ending end(Secret token) {
    Deadline deadline = Deadline.in(RemoteClient.WHOLE_MAX);
    return switch (client.delete("/installation/token", token, deadline)) {
      case Reply.Answer answer ->
          switch (answer.status()) {
            case 204 -> new Ending.Revoked("204: GitHub has ended it");
            case 401 -> new Ending.Revoked("401: GitHub does not know it any more");
            default -> new Ending.Unknown("GitHub has not ended it (" + answer.said() + ")");
          };
      case Reply.Silence silence -> new Ending.Unknown("GitHub did not answer: " + silence.why());
    };
  }

  /** Ends a token of the broker's own, which never left. */
  void endOwn(Asking asking, GivenToken token) {
    if (!(end(token.secret()) instanceof Ending.Revoked)) {
      log.warn(
          "A token that reads the metadata of repositories of {} could not be ended; nobody has it, and it ends at {}",
          asking.account(),
          token.endsAt().map(Instant::toString).orElse("an unknown time"));
    }
  }
}
