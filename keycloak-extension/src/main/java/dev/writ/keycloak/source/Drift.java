package dev.writ.keycloak.source;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Notices changes of users and groups that Keycloak tells nobody of, such as those that a user
 * federation takes over from a directory. Each node looks at the whole now and then, while brokers
 * ask, and compares it with what it was under the same number.
 */
public final class Drift {
  /** How often the whole is looked at unless somebody says otherwise. */
  public static final Duration USUALLY = Duration.ofSeconds(30);

  /** Realms with a broker; one that is forgotten begins anew. */
  private static final int REALMS_MAX = 10_000;

  private final long everyNanos;
  private final Map<String, Seen> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > REALMS_MAX;
        }
      };

  private record Seen(long version, int content, long at) {}

  public Drift(Duration every) {
    this.everyNanos = every.toNanos();
  }

  /** Whether it is time to look at the whole again. */
  synchronized boolean isDue(String realm, long version) {
    Seen last = seen.get(realm);
    return last == null || last.version() != version || System.nanoTime() - last.at() >= everyNanos;
  }

  /** Whether the content is another one than it was under this number. */
  synchronized boolean hasMoved(String realm, long version, Map<String, Object> document) {
    Seen last = seen.get(realm);
    int content = document.hashCode();
    seen.put(realm, new Seen(version, content, System.nanoTime()));
    return last != null && last.version() == version && last.content() != content;
  }
}
