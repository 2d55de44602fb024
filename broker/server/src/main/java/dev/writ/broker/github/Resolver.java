package dev.writ.broker.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Repository;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the ids of the repositories that a grant names. Names that are not bound yet are resolved
 * by a token that reads nothing but their metadata and is ended at once, and bound.
 */
final class Resolver {
  private static final int PAGE = 100;

  private final URI api;
  private final ApiClient client;
  private final Tokens tokens;
  private final RepositoryBindings bindings;
  private final GitHubQuota quota;
  private final Complaints complaints;

  Resolver(
      URI api,
      ApiClient client,
      Tokens tokens,
      RepositoryBindings bindings,
      GitHubQuota quota,
      Complaints complaints) {
    this.api = api;
    this.client = client;
    this.tokens = tokens;
    this.bindings = bindings;
    this.quota = quota;
    this.complaints = complaints;
  }

  /** Names by id; no names where the grant is for all repositories. */
  Step<SortedMap<Long, List<Repository>>> resolve(
      Asking asking, Installation installation, GitHubGrant grant, Tokens.Wider wider) {
    return grant.allRepositories()
        ? tokens
            .make(asking, installation, new MintRequest.Listing(), wider)
            .then(token -> ending(asking, token, all(asking, token)))
        : named(asking, installation, grant.repositories(), wider);
  }

  private Step<SortedMap<Long, List<Repository>>> named(
      Asking asking, Installation installation, List<Repository> wanted, Tokens.Wider wider) {
    try {
      Map<Repository, Long> known = bindings.bound(api, asking.account(), wanted);
      List<Repository> unknown = wanted.stream().filter(one -> !known.containsKey(one)).toList();
      if (unknown.isEmpty()) {
        return new Step.Got<>(byId(known));
      }
      return tokens
          .make(asking, installation, new MintRequest.Names(unknown), wider)
          .then(token -> ending(asking, token, ids(token, unknown)))
          .then(found -> {
            known.putAll(bindings.bind(api, asking, found));
            return new Step.Got<>(byId(known));
          });
    } catch (DatabaseUnavailable | LedgerUnavailable away) {
      return new Step.Stopped<>(
          new Minted.Unavailable(
              "The repositories' names cannot be looked up: the database is away"));
    }
  }

  /** What was learnt with a token, after ending it. */
  private <T> Step<T> ending(Asking asking, GivenToken token, Step<T> learnt) {
    tokens.endOwn(asking, token);
    return learnt;
  }

  private static Step<Map<Repository, Long>> ids(GivenToken token, List<Repository> wanted) {
    Map<Repository, Long> ids = new HashMap<>();
    token
        .repositories()
        .orElse(Map.of())
        .forEach((id, fullName) ->
            Repository.of(fullName)
                .filter(wanted::contains)
                .ifPresent(repository -> ids.put(repository, id)));
    List<Repository> missing = wanted.stream().filter(one -> !ids.containsKey(one)).toList();
    return missing.isEmpty()
        ? new Step.Got<>(ids)
        : Step.refused("GitHub does not tell the id of " + Tokens.some(missing));
  }

  private Step<SortedMap<Long, List<Repository>>> all(Asking asking, GivenToken token) {
    SortedMap<Long, List<Repository>> ids = new TreeMap<>();
    for (int page = 1; page <= MintRequest.REPOSITORIES_MAX / PAGE; page++) {
      switch (page(asking, token, page)) {
        case Step.Got<Page>(Page got) -> {
          if (got.total > MintRequest.REPOSITORIES_MAX) {
            return Step.refused(tooMany(asking, got.total));
          }
          got.ids.forEach(id -> ids.put(id, List.of()));
          if (ids.size() == got.total && !ids.isEmpty()) {
            return new Step.Got<>(ids);
          }
          if (got.total == 0) {
            return Step.refused(
                "%s in %s reaches no repository".formatted(asking.app(), asking.account()));
          }
        }
        case Step.Stopped<Page>(Minted minted) -> {
          return new Step.Stopped<>(minted);
        }
        case Step.Gone<Page> _ -> {
          return new Step.Gone<>();
        }
      }
    }
    return new Step.Stopped<>(
        new Minted.Unavailable(
            "The repositories of " + asking.account() + " changed while they were listed"));
  }

  private static String tooMany(Asking asking, long total) {
    return "All repositories of %s are %d, and GitHub makes tokens for %d at most. Name the repositories in the policy, or select fewer for the installation."
        .formatted(asking.account(), total, MintRequest.REPOSITORIES_MAX);
  }

  private record Page(long total, List<Long> ids) {}

  private Step<Page> page(Asking asking, GivenToken token, int number) {
    String path = "/installation/repositories?per_page=" + PAGE + "&page=" + number;
    return switch (client.get(path, token.secret(), asking.deadline())) {
      case Reply.Answer answer when answer.status() == 200 -> {
        quota.asToken(answer, asking.app(), asking.account());
        yield page(asking, answer.json())
            .<Step<Page>>map(Step.Got::new)
            .orElseGet(() ->
                Step.refused(
                    "GitHub's list of the repositories of " + asking.account() + " is unreadable"));
      }
      case Reply.Answer answer -> new Step.Stopped<>(complaints.ofToken(asking, answer));
      case Reply.Silence silence -> new Step.Stopped<>(Complaints.nothingAsked(silence));
    };
  }

  private static Optional<Page> page(Asking asking, JsonNode json) {
    JsonNode total = json.path("total_count");
    Optional<Map<Long, String>> names = GivenToken.repositories(json.path("repositories"));
    String owner = asking.account() + "/";
    boolean sound =
        total.isIntegralNumber()
            && names.isPresent()
            && names.get().values().stream()
                .allMatch(name -> name.regionMatches(true, 0, owner, 0, owner.length()));
    return sound
        ? Optional.of(new Page(total.asLong(), new ArrayList<>(names.get().keySet())))
        : Optional.empty();
  }

  private static SortedMap<Long, List<Repository>> byId(Map<Repository, Long> ids) {
    SortedMap<Long, List<Repository>> names = new TreeMap<>();
    new TreeMap<>(ids)
        .forEach((name, id) -> names.computeIfAbsent(id, key -> new ArrayList<>()).add(name));
    return names;
  }
}
