package dev.writ.broker.github;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the installation of an App in an account. Kept for a while, since it hardly ever changes
 * and every mint needs it; one that GitHub no longer knows is looked up again at once.
 */
final class Installations {
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int KEPT_MAX = 1_000;

  private final ApiClient client;
  private final Complaints complaints;
  private final Cache<Key, Installation> kept =
      Caffeine.newBuilder().maximumSize(KEPT_MAX).expireAfterWrite(KEPT).build();

  Installations(ApiClient client, Complaints complaints) {
    this.client = client;
    this.complaints = complaints;
  }

  private record Key(String app, String account) {}

  Step<Installation> find(Asking asking) {
    Installation known = kept.getIfPresent(key(asking));
    return known != null ? new Step.Got<>(known) : lookUp(asking);
  }

  void forget(Asking asking) {
    kept.invalidate(key(asking));
  }

  private Step<Installation> lookUp(Asking asking) {
    Step<Installation> found = ask(asking, "/orgs/");
    if (found instanceof Step.Gone<Installation>) {
      found = ask(asking, "/users/");
    }
    return found instanceof Step.Gone<Installation>
        ? Step.refused(Complaints.notInstalled(asking))
        : found;
  }

  private Step<Installation> ask(Asking asking, String kind) {
    Secret jwt = asking.app().jwt().get();
    Reply reply = client.get(kind + asking.account() + "/installation", jwt, asking.deadline());
    return switch (reply) {
      case Reply.Answer answer when answer.status() == 200 -> found(asking, answer);
      case Reply.Answer answer when answer.status() == 404 && !Complaints.unknownApp(answer) ->
          new Step.Gone<>();
      case Reply.Answer answer -> new Step.Stopped<>(complaints.of(asking, jwt, answer));
      case Reply.Silence silence -> new Step.Stopped<>(Complaints.nothingAsked(silence));
    };
  }

  private Step<Installation> found(Asking asking, Reply.Answer answer) {
    if (answer.json().path("suspended_at").isTextual()) {
      return Step.refused(
          Complaints.suspended(asking, answer.json().path("suspended_at").asText()));
    }
    Optional<Installation> found = Installation.of(answer.json(), asking.app(), asking.account());
    if (found.isEmpty()) {
      return Step.refused(
          "GitHub's answer does not tell the installation of %s in %s. Is api: right?"
              .formatted(asking.app(), asking.account()));
    }
    kept.put(key(asking), found.get());
    return new Step.Got<>(found.get());
  }

  private static Key key(Asking asking) {
    return new Key(asking.app().id(), asking.account());
  }
}
