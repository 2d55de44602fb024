package dev.writ.broker.agent;

import dev.writ.broker.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Lists agents, page by page, in the order of their ids; each reader sees only what it may. */
public final class AgentList {
  private static final int LIMIT_MAX = 1_000;
  private static final int LIMIT_DEFAULT = 100;

  /**
   * Rows looked at for one page; a reader who may see few of them gets a short page and goes on
   * with {@code next}.
   */
  private static final int SCAN_MAX = 10_000;

  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}|1000");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private static final Set<String> STATES = Set.of("live", "expired", "killed");
  private static final Set<String> KNOWN =
      Set.of("owner", "policy", "state", "parent", "role", "label", "limit", "cursor");

  private final Database database;

  public AgentList(Database database) {
    this.database = database;
  }

  /** What was asked for, well or badly. */
  public sealed interface Asked {}

  /**
   * @param text what is wrong
   */
  public record Wrong(String text) implements Asked {}

  /**
   * @param label {@code name=value}
   */
  public record Query(
      Optional<String> owner,
      Optional<String> policy,
      Optional<String> state,
      Optional<UUID> parent,
      Optional<String> role,
      Optional<String> label,
      int limit,
      Optional<UUID> after)
      implements Asked {

    /** Reads query parameters. */
    public static Asked read(Map<String, List<String>> query) {
      for (Map.Entry<String, List<String>> entry : query.entrySet()) {
        if (!KNOWN.contains(entry.getKey()) || entry.getValue().size() != 1) {
          return new Wrong(
              "The query takes each of " + KNOWN.stream().sorted().toList() + " at most once.");
        }
      }
      Optional<String> state = one(query, "state");
      if (state.isPresent() && !STATES.contains(state.get())) {
        return new Wrong("state: expected one of live, expired, killed.");
      }
      Optional<String> label = one(query, "label");
      if (label.isPresent() && !label.get().contains("=")) {
        return new Wrong("label: expected name=value.");
      }
      for (String name : List.of("parent", "cursor")) {
        if (!one(query, name).map(text -> UUID_FORM.matcher(text).matches()).orElse(true)) {
          return new Wrong(
              name.equals("parent")
                  ? "parent: expected an agent's UUID."
                  : "cursor: expected the next of an earlier answer, unaltered.");
        }
      }
      String limit = one(query, "limit").orElse(String.valueOf(LIMIT_DEFAULT));
      if (!LIMIT.matcher(limit).matches()) {
        return new Wrong("limit: expected a whole number from 1 to " + LIMIT_MAX + ".");
      }
      return new Query(
          one(query, "owner"),
          one(query, "policy"),
          state,
          one(query, "parent").map(UUID::fromString),
          one(query, "role"),
          label,
          Integer.parseInt(limit),
          one(query, "cursor").map(UUID::fromString));
    }

    private static Optional<String> one(Map<String, List<String>> query, String name) {
      return Optional.ofNullable(query.get(name)).map(values -> values.get(0));
    }
  }

  /**
   * @param next where the following page begins; empty at the end
   */
  public record Page(List<AgentRecord> agents, Optional<String> next) {}

  public Page page(Query query, Predicate<AgentRecord> readable) {
    List<AgentRecord> agents = new ArrayList<>();
    Optional<UUID> after = query.after();
    for (int seen = 0; seen < SCAN_MAX; ) {
      List<AgentRecord> rows = rows(query, after);
      for (AgentRecord row : rows) {
        after = Optional.of(row.id());
        if (readable.test(row)) {
          agents.add(row);
        }
        if (agents.size() == query.limit()) {
          return new Page(agents, after.map(UUID::toString));
        }
      }
      if (rows.size() < LIMIT_MAX) {
        return new Page(agents, Optional.empty());
      }
      seen += rows.size();
    }
    return new Page(agents, after.map(UUID::toString));
  }

  private List<AgentRecord> rows(Query query, Optional<UUID> after) {
    StringBuilder where = new StringBuilder("WHERE id > ?");
    List<Object> parameters = new ArrayList<>();
    parameters.add(after.orElse(new UUID(0, 0)));
    filter(where, parameters, "owner = ?", query.owner());
    filter(where, parameters, "policy = ?", query.policy());
    filter(where, parameters, "parent = ?", query.parent());
    filter(where, parameters, "role = ?", query.role());
    query
        .label()
        .ifPresent(label -> {
          where.append(" AND labels ->> ? = ?");
          parameters.add(label.substring(0, label.indexOf('=')));
          parameters.add(label.substring(label.indexOf('=') + 1));
        });
    query
        .state()
        .ifPresent(state ->
            where.append(
                switch (state) {
                  case "killed" -> " AND killed_at IS NOT NULL";
                  case "expired" -> " AND killed_at IS NULL AND expires_at <= clock_timestamp()";
                  default -> " AND killed_at IS NULL AND expires_at > clock_timestamp()";
                }));
    where.append(" ORDER BY id LIMIT " + LIMIT_MAX);
    return database.autoCommit(
        session -> AgentRows.list(session, where.toString(), parameters.toArray()));
  }

  private static void filter(
      StringBuilder where, List<Object> parameters, String condition, Optional<?> value) {
    value.ifPresent(wanted -> {
      where.append(" AND ").append(condition);
      parameters.add(wanted);
    });
  }
}
