package dev.writ.broker.api;

import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.NotTaken;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.OwnerBook;
import dev.writ.broker.authority.OwnerDirectory;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.owner.OwnersDefinition;
import dev.writ.broker.owner.OwnersReader;
import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/owners}: who is on duty, for everybody known here; apply, for admins. */
final class OwnerEndpoints {
  private static final int COMMENT_MAX = 1_000;

  /** Far outside, a rotation's arithmetic would overflow. */
  private static final Instant EARLIEST = Instant.EPOCH;

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Callers callers;
  private final Rights rights;
  private final OwnerBook book;
  private final Snapshots snapshots;
  private final Clock clock;

  OwnerEndpoints(Callers callers, Rights rights, OwnerBook book, Snapshots snapshots, Clock clock) {
    this.callers = callers;
    this.rights = rights;
    this.book = book;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  void routes(Routes routes) {
    routes
        .get("/v1/owners/:name", callers.known((call, known) -> who(call)))
        .apply("/v1/owners/apply", callers.known(this::apply));
  }

  private Answer who(Call call) {
    Optional<String> wrong = QueryParameters.wrongNames(call, Set.of("at"));
    if (wrong.isPresent()) {
      return Problem.invalid(wrong.get());
    }
    String owner = call.parameter("name");
    Optional<Instant> asked = call.query("at").map(OwnerEndpoints::instant).orElseGet(this::now);
    if (asked.isEmpty()) {
      return Problem.invalid("at: expected an instant such as 2026-01-05T08:00:00Z.");
    }
    Instant at = asked.get();
    if (!snapshots.current().owners().lives(owner)) {
      return Problem.notFound();
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("owner", owner);
    body.put("at", at.toString());
    OwnerDirectory owners = snapshots.current().owners();
    boolean past = call.query("at").isPresent() && at.isBefore(clock.instant());
    switch (past ? owners.wasOnDuty(owner, at) : owners.onDuty(owner, at)) {
      case OnDuty.Person person -> {
        body.put("accountable", person.principal());
        body.put("from", person.from().toString());
        body.put("until", person.until().toString());
      }
      case OnDuty.Nobody(String reason) -> body.put("nobody", reason);
    }
    return Answer.json(body);
  }

  private Optional<Instant> now() {
    return Optional.of(clock.instant());
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text))
          .filter(at -> !at.isBefore(EARLIEST) && !at.isAfter(LATEST));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private Answer apply(Call call, Known known) {
    if (!rights.administers(known.caller())) {
      return Problem.notFound();
    }
    record Body(String comment, OwnersDefinition owners) {}
    Parsed<Body> read =
        Document.json(call.body(), Limits.FILE)
            .read(root -> {
              Fields fields = root.fields("comment", "owners");
              Optional<String> comment = fields.required("comment").prose(COMMENT_MAX);
              Optional<OwnersDefinition> owners = OwnersReader.read(fields.required("owners"));
              return root.whenSound(() -> new Body(comment.orElseThrow(), owners.orElseThrow()));
            });
    return switch (read) {
      case Parsed.Invalid<Body> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<Body>(Body body) ->
          switch (book.apply(body.owners(), known.caller().principal(), body.comment())) {
            case NotTaken.Elsewhere elsewhere -> Problem.elsewhere(elsewhere.text());
            case OwnerBook.Rejected(List<String> problems) ->
                Problem.conflict(String.join("; ", problems));
            case OwnerBook.Done(List<String> changed, List<String> removed) -> {
              snapshots.refresh();
              yield Answer.json(Map.of("changed", changed, "removed", removed));
            }
          };
    };
  }
}
