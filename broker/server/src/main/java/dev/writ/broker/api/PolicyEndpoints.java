package dev.writ.broker.api;

import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.NotTaken;
import dev.writ.broker.authority.PolicyBook;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Row;
import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.policy.Bounds;
import dev.writ.policy.Flag;
import dev.writ.policy.Policy;
import dev.writ.policy.PolicyName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/policies}: admins apply, auditors read. */
final class PolicyEndpoints {
  private static final int POLICIES_MAX = 10_000;
  private static final int COMMENT_MAX = 1_000;

  private final Callers callers;
  private final Rights rights;
  private final PolicyBook book;
  private final Database database;
  private final Snapshots snapshots;
  private final Bounds bounds;

  PolicyEndpoints(
      Callers callers,
      Rights rights,
      PolicyBook book,
      Database database,
      Snapshots snapshots,
      Bounds bounds) {
    this.callers = callers;
    this.rights = rights;
    this.book = book;
    this.database = database;
    this.snapshots = snapshots;
    this.bounds = bounds;
  }

  void routes(Routes routes) {
    routes
        .get("/v1/policies", reading(this::list))
        .get("/v1/policies/:name", reading(this::show))
        .apply("/v1/policies/apply", callers.known(this::apply));
  }

  private Endpoint reading(Endpoint endpoint) {
    return callers.known((call, known) ->
        rights.audits(known.caller()) ? endpoint.answer(call) : Problem.notFound());
  }

  private record Stored(
      String name,
      int version,
      boolean withdrawn,
      String author,
      String comment,
      String at,
      Policy policy) {}

  private Stored stored(Row row) throws SQLException {
    return new Stored(
        row.string("name"),
        row.integer("version"),
        row.bool("withdrawn"),
        row.string("author"),
        row.string("comment"),
        row.instant("at").toString(),
        Policy.json(row.string("canonical"), bounds).orElseThrow());
  }

  private static final String SELECT =
      "SELECT p.name, p.version, h.withdrawn, p.author, p.comment, p.at, p.canonical FROM policy p"
          + " JOIN policy_head h ON h.name = p.name AND h.realm = p.realm ";

  private Answer list(Call call) {
    Optional<String> wrong = QueryParameters.wrongNames(call, Set.of("limit", "cursor"));
    if (wrong.isPresent()) {
      return Problem.invalid(wrong.get());
    }
    Optional<Integer> limit = QueryParameters.limit(call, POLICIES_MAX, POLICIES_MAX);
    if (limit.isEmpty()) {
      return Problem.invalid(QueryParameters.wrongLimit(POLICIES_MAX));
    }
    String after = call.query("cursor").orElse("");
    if (!after.isEmpty() && PolicyName.of(after).isEmpty()) {
      return Problem.invalid("cursor: expected the next of an earlier answer, unaltered.");
    }
    return page(limit.get(), after);
  }

  private Answer page(int limit, String after) {
    List<Stored> all =
        database.autoCommit(session ->
            session.list(
                SELECT
                    + "AND h.version = p.version WHERE p.name COLLATE \"C\" > ?"
                    + " ORDER BY p.name COLLATE \"C\" LIMIT ?",
                this::stored,
                after,
                limit));
    List<Map<String, Object>> policies = new ArrayList<>();
    for (Stored one : all) {
      Map<String, Object> view = new LinkedHashMap<>();
      view.put("name", one.name());
      view.put("version", one.version());
      one.policy().description().ifPresent(text -> view.put("description", text));
      view.put("withdrawn", one.withdrawn());
      view.put("flags", flags(one.policy()));
      policies.add(view);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("policies", policies);
    if (all.size() == limit) {
      body.put("next", all.get(all.size() - 1).name());
    }
    return Answer.json(body);
  }

  private Answer show(Call call) {
    Optional<String> wrong = QueryParameters.wrongNames(call, Set.of("version"));
    if (wrong.isPresent()) {
      return Problem.invalid(wrong.get());
    }
    Optional<Integer> version = call.query("version").flatMap(PolicyEndpoints::number);
    if (call.query().containsKey("version") && version.isEmpty()) {
      return Problem.invalid("version: expected a whole number.");
    }
    Optional<Stored> found =
        database.autoCommit(session ->
            session.find(
                SELECT + "WHERE p.name = ? AND p.version = coalesce(?::int, h.version)",
                this::stored,
                call.parameter("name"),
                version));
    return found.map(PolicyEndpoints::view).orElseGet(Problem::notFound);
  }

  private static Answer view(Stored one) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", one.name());
    view.put("version", one.version());
    view.put("withdrawn", one.withdrawn());
    view.put("author", one.author());
    view.put("comment", one.comment());
    view.put("at", one.at());
    view.put("policy", JsonTree.of(one.policy().toJson()));
    view.put("flags", flags(one.policy()));
    return Answer.json(view);
  }

  private Answer apply(Call call, Known known) {
    if (!rights.administers(known.caller())) {
      return Problem.notFound();
    }
    record Body(String comment, List<Policy> policies) {}
    Parsed<Body> read =
        Document.json(call.body(), Limits.FILE)
            .read(root -> {
              Fields fields = root.fields("comment", "policies");
              Optional<String> comment = fields.required("comment").prose(COMMENT_MAX);
              List<Policy> policies = new ArrayList<>();
              fields
                  .required("policies")
                  .items(POLICIES_MAX)
                  .forEach(item -> Policy.read(item, bounds).ifPresent(policies::add));
              return root.whenSound(() -> new Body(comment.orElseThrow(), policies));
            });
    return switch (read) {
      case Parsed.Invalid<Body> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<Body>(Body body) -> {
        long names = body.policies().stream().map(Policy::name).distinct().count();
        if (names != body.policies().size()) {
          yield Problem.invalid("policies: two have the same name.");
        }
        yield applied(
            book.apply(body.policies(), true, known.caller().principal(), body.comment()));
      }
    };
  }

  private Answer applied(PolicyBook.Outcome outcome) {
    return switch (outcome) {
      case NotTaken.Elsewhere elsewhere -> Problem.elsewhere(elsewhere.text());
      case PolicyBook.Done(List<PolicyBook.Applied> applied) -> {
        snapshots.refresh();
        yield Answer.json(Map.of("applied", applied.stream().map(PolicyEndpoints::view).toList()));
      }
    };
  }

  private static Map<String, Object> view(PolicyBook.Applied one) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", one.name());
    view.put("version", one.version());
    view.put("change", one.change().name().toLowerCase(Locale.ROOT));
    return view;
  }

  private static List<Map<String, Object>> flags(Policy policy) {
    return policy.flags().stream().map(PolicyEndpoints::view).toList();
  }

  private static Map<String, Object> view(Flag flag) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("severity", flag.severity().name().toLowerCase(Locale.ROOT));
    view.put("grant", flag.grant());
    view.put("message", flag.message());
    return view;
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }
}
