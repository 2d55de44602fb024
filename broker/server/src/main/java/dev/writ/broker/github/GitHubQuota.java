package dev.writ.broker.github;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What GitHub said last of its quotas, for the metrics, and whom it told to wait. GitHub bans Apps
 * that go on asking, so until then nobody asks. In memory; losing it costs one refused request.
 * Bounded by the configured Apps and accounts.
 */
public final class GitHubQuota {
  private final Clock clock;
  private final Map<Key, Seen> seen = new ConcurrentHashMap<>();
  private final Map<Key, RateLimit> limited = new ConcurrentHashMap<>();

  public GitHubQuota(Clock clock) {
    this.clock = clock;
  }

  private record Key(String app, String account) {}

  /**
   * One quota.
   *
   * @param app the App's id
   * @param account whose installation all tokens share it; empty for what the App asks as itself
   * @param limit requests an hour
   * @param remaining at the time of the last answer
   */
  public record Seen(String app, String account, long limit, long remaining) {}

  /** The quotas that answers have told of. */
  public List<Seen> seen() {
    return List.copyOf(seen.values());
  }

  /** Remembers what the answer to an App's own request says. */
  Optional<RateLimit> asApp(Reply.Answer answer, App app, String account) {
    note(answer, new Key(app.id(), ""));
    return limited(answer, app, account);
  }

  /** Remembers what the answer to a token's request says. */
  Optional<RateLimit> asToken(Reply.Answer answer, App app, String account) {
    note(answer, new Key(app.id(), account));
    return limited(answer, app, account);
  }

  /** The wait that is on for an App in an account. */
  Optional<RateLimit> waiting(App app, String account) {
    return Optional.ofNullable(limited.get(new Key(app.id(), account)))
        .filter(limit -> clock.instant().isBefore(limit.until()));
  }

  private Optional<RateLimit> limited(Reply.Answer answer, App app, String account) {
    Optional<RateLimit> limit = RateLimit.of(answer, app, account, clock.instant());
    limit.ifPresent(now -> limited.put(new Key(app.id(), account), now));
    return limit;
  }

  private void note(Reply.Answer answer, Key key) {
    Optional<Long> limit = RateLimit.number(answer, "x-ratelimit-limit");
    Optional<Long> remaining = RateLimit.number(answer, "x-ratelimit-remaining");
    if (limit.isPresent() && remaining.isPresent()) {
      seen.put(key, new Seen(key.app, key.account, limit.get(), remaining.get()));
    }
  }
}
