package dev.writ.broker.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Drift;
import dev.writ.broker.remote.Learnt;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Looks at the Apps of one API and their installations, as a mint would meet them. Makes no token
 * but such as read metadata, and ends those at once.
 */
public final class GitHubProbe {
  private static final UUID NOBODY = new UUID(0, 0);

  private final URI api;
  private final List<App> apps;
  private final ApiClient client;
  private final Complaints complaints;
  private final GitHubQuota quota;
  private final RepositoryProbe repositories;
  private final Clock clock;

  GitHubProbe(
      URI api,
      List<App> apps,
      ApiClient client,
      Complaints complaints,
      GitHubQuota quota,
      RepositoryProbe repositories,
      Clock clock) {
    this.api = api;
    this.apps = List.copyOf(apps);
    this.client = client;
    this.complaints = complaints;
    this.quota = quota;
    this.repositories = repositories;
    this.clock = clock;
  }

  /**
   * An App as GitHub knows it.
   *
   * @param permissions that it asks of accounts
   */
  public record AppFacts(Permissions permissions) {}

  /**
   * An App in an account.
   *
   * @param selection {@code all} or {@code selected} repositories
   * @param suspendedAt as GitHub writes it
   * @param permissions that the account has granted
   */
  public record InstallationFacts(
      long id, String selection, Optional<String> suspendedAt, Permissions permissions) {}

  public URI api() {
    return api;
  }

  /** Ids of the configured Apps. */
  public List<String> apps() {
    return apps.stream().map(App::id).toList();
  }

  /** Where an App is configured, in lower case. */
  public Set<String> accounts(String app) {
    return new TreeSet<>(app(app).accounts());
  }

  /** This clock minus GitHub's, to a second. */
  public Learnt<Duration> ahead(Deadline deadline) {
    return asking(() ->
        switch (client.get("/app", apps.get(0).jwt().get(), deadline)) {
          case Reply.Answer answer ->
              Drift.ahead(answer.headers(), clock.instant())
                  .map(Learnt::known)
                  .orElseGet(() -> Learnt.refused("Its answers bear no date"));
          case Reply.Silence silence -> silent(silence);
        });
  }

  /** Whether GitHub accepts what the App's key signs. */
  public Learnt<AppFacts> app(String id, Deadline deadline) {
    return app(app(id), deadline);
  }

  /**
   * Whether GitHub accepts what another key of an App signs.
   *
   * @return what stands against it
   */
  Optional<String> objection(String id, AppJwt jwt) {
    App other = new App(id, jwt, app(id).accounts());
    return switch (app(other, Deadline.in(RemoteClient.WHOLE_MAX))) {
      case Learnt.Known<AppFacts> known -> Optional.empty();
      case Learnt.Unknown<AppFacts>(Learnt.Cause cause, String why) -> Optional.of(why + ".");
    };
  }

  private Learnt<AppFacts> app(App app, Deadline deadline) {
    Asking asking = new Asking(app, "", NOBODY, NOBODY, deadline);
    String id = app.id();
    return asking(() -> get(asking, "/app"))
        .then(json -> {
          Optional<Permissions> permissions = Installation.levels(json.path("permissions"));
          return json.path("id").asText().equals(id) && permissions.isPresent()
              ? Learnt.known(new AppFacts(permissions.get()))
              : Learnt.refused("The answer is not about this App. Is api: right?");
        });
  }

  /** The App's installation in an account. */
  public Learnt<InstallationFacts> installation(String id, String account, Deadline deadline) {
    Asking asking = asking(id, account, deadline);
    Optional<RateLimit> wait = quota.waiting(asking.app(), account);
    if (wait.isPresent()) {
      return Learnt.later(waiting(wait.get()));
    }
    return asking(() ->
        switch (installed(asking, "/orgs/")) {
          case Reply.Answer answer when answer.status() == 404 && !Complaints.unknownApp(answer) ->
              facts(asking, installed(asking, "/users/"));
          case Reply.Answer answer -> facts(asking, answer);
          case Reply.Silence silence -> silent(silence);
        });
  }

  private Reply installed(Asking asking, String kind) {
    return client.get(
        kind + asking.account() + "/installation", asking.app().jwt().get(), asking.deadline());
  }

  private Learnt<InstallationFacts> facts(Asking asking, Reply reply) {
    return json(asking, reply)
        .then(json ->
            Installation.of(json, asking.app(), asking.account())
                .map(found ->
                    Learnt.known(
                        new InstallationFacts(
                            found.id(),
                            json.path("repository_selection").asText("all"),
                            Optional.of(json.path("suspended_at"))
                                .filter(JsonNode::isTextual)
                                .map(JsonNode::asText),
                            found.permissions())))
                .orElseGet(() ->
                    Learnt.refused("The answer does not tell the installation. Is api: right?")));
  }

  /**
   * What an installation reaches.
   *
   * @param named those that policies name, all of the account
   */
  public Learnt<RepositoryProbe.Reach> reach(
      String id,
      String account,
      InstallationFacts installation,
      List<Repository> named,
      Deadline deadline) {
    Asking asking = asking(id, account, deadline);
    return asking(() ->
        repositories.reach(
            asking, new Installation(installation.id(), installation.permissions()), named));
  }

  private Learnt<JsonNode> get(Asking asking, String path) {
    return json(asking, client.get(path, asking.app().jwt().get(), asking.deadline()));
  }

  private Learnt<JsonNode> json(Asking asking, Reply reply) {
    return switch (reply) {
      case Reply.Answer answer when answer.status() == 200 -> {
        complaints.none(asking, answer);
        yield Learnt.known(answer.json());
      }
      case Reply.Answer answer ->
          RepositoryProbe.unknown(complaints.of(asking, asking.app().jwt().get(), answer));
      case Reply.Silence silence -> silent(silence);
    };
  }

  private static String waiting(RateLimit limit) {
    return limit.reason() + "; it is not asked before " + limit.until();
  }

  private static <T> Learnt<T> silent(Reply.Silence silence) {
    return Learnt.silent("GitHub does not answer: " + silence.why());
  }

  private static <T> Learnt<T> asking(Supplier<Learnt<T>> question) {
    try {
      return question.get();
    } catch (KeyException unusable) {
      return Learnt.here("Its key cannot be used: " + unusable.getMessage());
    }
  }

  private Asking asking(String id, String account, Deadline deadline) {
    return new Asking(app(id), account, NOBODY, NOBODY, deadline);
  }

  private App app(String id) {
    return apps.stream().filter(app -> app.id().equals(id)).findFirst().orElseThrow();
  }
}
