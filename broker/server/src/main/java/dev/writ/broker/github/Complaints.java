package dev.writ.broker.github;

import dev.writ.broker.exchange.Minted;
import dev.writ.broker.remote.Drift;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/** What GitHub's refusals mean, in words that whoever looks after the App can act on. */
final class Complaints {
  private final GitHubQuota quota;
  private final Clock clock;

  Complaints(GitHubQuota quota, Clock clock) {
    this.quota = quota;
    this.clock = clock;
  }

  /**
   * The end of a request that the App made as itself and that GitHub refused, so that nothing was
   * minted.
   *
   * @param jwt that it showed
   */
  Minted of(Asking asking, Secret jwt, Reply.Answer answer) {
    Optional<Minted> limited = limited(quota.asApp(answer, asking.app(), asking.account()));
    return limited.orElseGet(() -> {
      if (answer.isServerError()) {
        return new Minted.Unavailable("GitHub is in trouble (" + answer.said() + ")");
      }
      if (answer.status() == 401) {
        asking.app().jwt().drop(jwt);
      }
      return new Minted.Refused(words(asking, answer));
    });
  }

  /** Of a request that went well, only the quota is of interest. */
  void none(Asking asking, Reply.Answer answer) {
    quota.asApp(answer, asking.app(), asking.account());
  }

  /** The end of a request that the broker made with a token of its own. */
  Minted ofToken(Asking asking, Reply.Answer answer) {
    Optional<Minted> limited = limited(quota.asToken(answer, asking.app(), asking.account()));
    return limited.orElseGet(() ->
        answer.isServerError()
            ? new Minted.Unavailable("GitHub is in trouble (" + answer.said() + ")")
            : new Minted.Refused(
                "GitHub does not list the repositories of %s in %s (%s)"
                    .formatted(asking.app(), asking.account(), answer.said())));
  }

  private static Optional<Minted> limited(Optional<RateLimit> limit) {
    return limit.map(one -> new Minted.Exhausted(one.reason(), one.until()));
  }

  private String words(Asking asking, Reply.Answer answer) {
    String app = asking.app().toString();
    if (unknownApp(answer)) {
      return "GitHub knows no %s. Is app-id: right, and api: the GitHub that it was made at?"
          .formatted(app);
    }
    return switch (answer.status()) {
      case 401 -> notAccepted(app, answer);
      case 403 ->
          answer.message().toLowerCase(Locale.ROOT).contains("suspended")
              ? suspended(asking, "")
              : "GitHub forbids %s to do this in %s (%s)"
                  .formatted(app, asking.account(), answer.said());
      case 404 -> notInstalled(asking);
      case 407 -> "The proxy demands a login (407), which cannot be configured";
      default ->
          "GitHub refused %s in %s (%s)".formatted(app, asking.account(), answer.said())
              + (answer.status() / 100 == 3 ? "; redirects are not followed: is api: right?" : "");
    };
  }

  private String notAccepted(String app, Reply.Answer answer) {
    String clocks =
        Drift.of(answer.headers(), clock.instant())
            .map(by -> "; this machine's clock is " + by + " GitHub's, which is the likely cause")
            .orElse("; is key: the App's own, and not removed from it?");
    return "GitHub does not accept what the key of %s signs (%s)%s"
        .formatted(app, answer.said(), clocks);
  }

  static String suspended(Asking asking, String since) {
    return "The installation of %s in %s is suspended%s. An owner of %s can lift that in its settings, under GitHub Apps."
        .formatted(
            asking.app(),
            asking.account(),
            since.isEmpty() ? "" : " since " + since,
            asking.account());
  }

  static String notInstalled(Asking asking) {
    return "%s is not installed in %s. An owner of %s can install it from the App's page."
        .formatted(asking.app(), asking.account(), asking.account());
  }

  /** GitHub's 404 for a JWT whose issuer it does not know. */
  static boolean unknownApp(Reply.Answer answer) {
    return answer.status() == 404 && answer.message().startsWith("Integration");
  }

  /** Before the token itself was asked for. */
  static Minted nothingAsked(Reply.Silence silence) {
    return new Minted.Unavailable("GitHub does not answer: " + silence.why());
  }
}
