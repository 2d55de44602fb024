package dev.writ.broker.github;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import dev.writ.policy.Repository;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which repository a name in policies means: the one that had it when the name was first used. A
 * repository that is renamed stays meant; one that takes over a name never becomes meant by that,
 * until an admin says so. All bindings and their ends are rows in the ledger.
 */
public final class RepositoryBindings {
  private final Database database;
  private final Acts acts;

  public RepositoryBindings(Database database, Acts acts) {
    this.database = database;
    this.acts = acts;
  }

  /** What a name was bound to. */
  public record Binding(String api, Repository repository, long id, Instant boundAt) {
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("api", api);
      json.put("repository", repository.toString());
      json.put("id", id);
      json.put("bound_at", boundAt.toString());
      return json;
    }
  }

  private record Named(String name, long id) {}

  /** The ids of those repositories of one account that are bound. */
  Map<Repository, Long> bound(URI api, String account, List<Repository> repositories) {
    List<Named> found =
        database.autoCommit(session ->
            session.list(
                "SELECT name, id FROM github_repository WHERE api = ? AND account = ? AND name = ANY (?)",
                row -> new Named(row.string("name"), row.longInteger("id")),
                api.toString(),
                account,
                names(repositories)));
    return byRepository(account, found);
  }

  /**
   * Binds names that are not bound yet.
   *
   * @param found in one account
   * @return what they are bound to now: where another node was faster, its ids
   */
  Map<Repository, Long> bind(URI api, Asking asking, Map<Repository, Long> found) {
    Map<Repository, Long> sorted = new TreeMap<>(found);
    acts.act(act -> {
      List<Named> fresh =
          act.session()
              .list(
                  "INSERT INTO github_repository (api, account, name, id, bound_at)"
                      + " SELECT ?, ?, n.name, n.id, ? FROM unnest(?::text[], ?::bigint[]) AS n (name, id)"
                      + " ON CONFLICT DO NOTHING RETURNING name, id",
                  row -> new Named(row.string("name"), row.longInteger("id")),
                  api.toString(),
                  asking.account(),
                  act.at(),
                  names(List.copyOf(sorted.keySet())),
                  sorted.values().toArray(Long[]::new));
      if (!fresh.isEmpty()) {
        act.record(note(api, asking, fresh));
      }
      return fresh;
    });
    return bound(api, asking.account(), List.copyOf(found.keySet()));
  }

  private static Note note(URI api, Asking asking, List<Named> fresh) {
    Map<String, Object> ids = new TreeMap<>();
    fresh.forEach(one -> ids.put(asking.account() + "/" + one.name, one.id));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "bind");
    body.put("agent", asking.agent().toString());
    body.put("writ", asking.writ().toString());
    body.put("api", api.toString());
    body.put("repositories", ids);
    return new Note("bind", Optional.of(asking.agent()), Optional.of(asking.writ()), body);
  }

  /**
   * Forgets what a name was bound to. The next who asks for it binds it anew.
   *
   * @param by the admin
   * @return empty if it was not bound
   */
  public Optional<Binding> forget(Repository repository, String by) {
    return acts.act(act -> {
      Optional<Binding> forgotten = delete(act, repository);
      if (forgotten.isPresent()) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("kind", "forget");
        body.putAll(forgotten.get().json());
        body.put("by", by);
        act.record(Note.of("forget", body));
      }
      return forgotten;
    });
  }

  /** An account stands under one API only, so there is at most one. */
  private static Optional<Binding> delete(Act act, Repository repository) throws SQLException {
    return act
        .session()
        .list(
            "DELETE FROM github_repository WHERE account = ? AND name = ? RETURNING api, id, bound_at",
            row ->
                new Binding(
                    row.string("api"), repository, row.longInteger("id"), row.instant("bound_at")),
            repository.owner(),
            repository.name())
        .stream()
        .findFirst();
  }

  private static String[] names(List<Repository> repositories) {
    return repositories.stream().map(Repository::name).toArray(String[]::new);
  }

  private static Map<Repository, Long> byRepository(String account, List<Named> found) {
    Map<Repository, Long> ids = new HashMap<>();
    found.forEach(one -> ids.put(new Repository(account, one.name), one.id));
    return ids;
  }
}
