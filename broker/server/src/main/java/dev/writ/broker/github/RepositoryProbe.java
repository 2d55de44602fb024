package dev.writ.broker.github;

import dev.writ.broker.exchange.Minted;
import dev.writ.broker.remote.Learnt;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.policy.Repository;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which of the repositories that policies name an installation reaches, and as what. */
public final class RepositoryProbe {
  /** Tokens made in search of names that cannot be had; what is not found by then is left out. */
  private static final int MINTS_MAX = 40;

  /** Names looked at in one account. */
  private static final int NAMES_MAX = MintRequest.REPOSITORIES_MAX;

  private final URI api;
  private final ApiClient client;
  private final Tokens tokens;
  private final RepositoryBindings bindings;
  private final GitHubQuota quota;
  private final Complaints complaints;

  RepositoryProbe(
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

  /**
   * What an installation reaches.
   *
   * @param states of the named repositories that were looked at
   * @param leftOut names that were not
   * @param total repositories of the installation
   * @param quota of all its tokens together, if GitHub told
   */
  public record Reach(
      SortedMap<Repository, RepositoryState> states,
      List<Repository> leftOut,
      long total,
      Optional<GitHubQuota.Seen> quota) {}

  Learnt<Reach> reach(Asking asking, Installation installation, List<Repository> named) {
    List<Repository> looked = named.stream().limit(NAMES_MAX).toList();
    return total(asking, installation)
        .then(total ->
            states(asking, installation, looked)
                .then(states -> Learnt.known(reach(asking, named, states, total))));
  }

  private Reach reach(
      Asking asking,
      List<Repository> named,
      SortedMap<Repository, RepositoryState> states,
      long total) {
    return new Reach(
        states,
        named.stream().filter(one -> !states.containsKey(one)).toList(),
        total,
        quota.seen().stream()
            .filter(seen ->
                seen.app().equals(asking.app().id()) && seen.account().equals(asking.account()))
            .findFirst());
  }

  /** Ends it at once: nobody has it. */
  private Step<GivenToken> make(Asking asking, Installation installation, MintRequest request) {
    return tokens.make(
        asking,
        installation,
        request,
        (token, what) -> {
          tokens.endOwn(asking, token);
          return new Minted.Unavailable("GitHub gave more than was asked for: " + what);
        });
  }

  private Learnt<Long> total(Asking asking, Installation installation) {
    return switch (make(asking, installation, new MintRequest.Listing())) {
      case Step.Got<GivenToken>(GivenToken token) -> {
        Reply reply =
            client.get("/installation/repositories?per_page=1", token.secret(), asking.deadline());
        tokens.endOwn(asking, token);
        yield switch (reply) {
          case Reply.Answer answer when answer.status() == 200 -> {
            quota.asToken(answer, asking.app(), asking.account());
            yield Learnt.known(answer.json().path("total_count").asLong());
          }
          case Reply.Answer answer -> unknown(complaints.ofToken(asking, answer));
          case Reply.Silence silence -> Learnt.silent("GitHub does not answer: " + silence.why());
        };
      }
      case Step.Stopped<GivenToken>(Minted minted) -> unknown(minted);
      case Step.Gone<GivenToken> _ -> Learnt.refused(Complaints.notInstalled(asking));
    };
  }

  private Learnt<SortedMap<Repository, RepositoryState>> states(
      Asking asking, Installation installation, List<Repository> named) {
    Map<Repository, Long> bound;
    try {
      bound = bindings.bound(api, asking.account(), named);
    } catch (DatabaseUnavailable away) {
      return Learnt.here("The database is away");
    }
    Map<Repository, Long> byName = new HashMap<>();
    Map<Long, String> byId = new HashMap<>();
    Sifting sifting = new Sifting(asking, installation);
    List<Repository> unnamed =
        sifting.sift(
            named,
            MintRequest.Names::new,
            found ->
                found.forEach(
                    (id, name) -> Repository.of(name).ifPresent(one -> byName.put(one, id))));
    List<Long> gone =
        sifting.sift(
            bound.values().stream().distinct().toList(), RepositoryProbe::ids, byId::putAll);
    if (sifting.stopped.isPresent()) {
      return sifting.stopped.get();
    }
    SortedMap<Repository, RepositoryState> states = new TreeMap<>();
    for (Repository one : named) {
      Optional<Long> here = Optional.ofNullable(byName.get(one));
      Optional<Long> meant = Optional.ofNullable(bound.get(one));
      if (meant.isEmpty() && (here.isPresent() || unnamed.contains(one))) {
        states.put(
            one,
            here.<RepositoryState>map(RepositoryState.Reached::new)
                .orElseGet(RepositoryState.Unreachable::new));
      } else if (meant.isPresent() && gone.contains(meant.get())) {
        states.put(one, new RepositoryState.Lost(meant.get(), here));
      } else if (meant.isPresent() && byId.containsKey(meant.get())) {
        states.put(one, meant(one, meant.get(), byId));
      }
    }
    return Learnt.known(states);
  }

  private static RepositoryState meant(Repository one, long id, Map<Long, String> byId) {
    String now = Optional.ofNullable(byId.get(id)).orElseThrow();
    return now.equalsIgnoreCase(one.toString())
        ? new RepositoryState.Reached(id)
        : new RepositoryState.Renamed(id, now);
  }

  private static MintRequest ids(List<Long> ids) {
    SortedMap<Long, List<Repository>> names = new TreeMap<>();
    ids.forEach(id -> names.put(id, List.of()));
    return new MintRequest.Ids(names, MintRequest.METADATA);
  }

  /** GitHub refuses a whole request for one repository in it: halves it until that one is alone. */
  private final class Sifting {
    private final Asking asking;
    private final Installation installation;
    private int mints;
    private Optional<Learnt<SortedMap<Repository, RepositoryState>>> stopped = Optional.empty();

    Sifting(Asking asking, Installation installation) {
      this.asking = asking;
      this.installation = installation;
    }

    /** Hands on what tokens tell of what can be had; returns what certainly cannot. */
    <K> List<K> sift(
        List<K> wanted, Function<List<K>, MintRequest> request, Consumer<Map<Long, String>> found) {
      List<K> refused = new ArrayList<>();
      Deque<List<K>> open = new ArrayDeque<>();
      if (!wanted.isEmpty()) {
        open.add(wanted);
      }
      while (!open.isEmpty() && stopped.isEmpty() && mints < MINTS_MAX) {
        List<K> some = open.remove();
        mints++;
        switch (make(asking, installation, request.apply(some))) {
          case Step.Got<GivenToken>(GivenToken token) -> {
            tokens.endOwn(asking, token);
            found.accept(token.repositories().orElse(Map.of()));
          }
          case Step.Stopped<GivenToken>(Minted minted) when minted instanceof Minted.Refused -> {
            if (some.size() == 1) {
              refused.addAll(some);
            } else {
              open.addFirst(some.subList(some.size() / 2, some.size()));
              open.addFirst(some.subList(0, some.size() / 2));
            }
          }
          case Step.Stopped<GivenToken>(Minted minted) -> stopped = Optional.of(unknown(minted));
          case Step.Gone<GivenToken> _ ->
              stopped = Optional.of(Learnt.refused(Complaints.notInstalled(asking)));
        }
      }
      return refused;
    }
  }

  static <T> Learnt<T> unknown(Minted minted) {
    return switch (minted) {
      case Minted.Refused(String reason) -> Learnt.refused(reason);
      case Minted.Unavailable(String reason) -> Learnt.silent(reason);
      case Minted.Unknown(String reason) -> Learnt.silent(reason);
      case Minted.Exhausted(String reason, Instant until) ->
          Learnt.later(reason + "; it is not asked before " + until);
      case Minted.TooWide(Minted.Issued _, String what) ->
          Learnt.refused("GitHub gave more than was asked for: " + what);
      case Minted.Issued _ -> Learnt.refused("GitHub gave a token unasked");
    };
  }
}
