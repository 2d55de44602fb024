package dev.writ.broker.api;

import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.rotation.Outcome;
import dev.writ.broker.rotation.Slot;
import dev.writ.broker.rotation.Slots;
import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Value;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code /v1/keys}: which keys there are, how old, what comes next; and to replace, retire or give
 * one up. Auditors read, admins do.
 */
final class KeyEndpoints {
  private static final int ACCEPTED = 202;
  private static final int VERSION_MAX = 128;
  private static final int REASON_MAX = 1_000;

  private final Callers callers;
  private final Rights rights;
  private final Slots slots;
  private final Clock clock;

  KeyEndpoints(Callers callers, Rights rights, Slots slots, Clock clock) {
    this.callers = callers;
    this.rights = rights;
    this.slots = slots;
    this.clock = clock;
  }

  void routes(Routes routes) {
    routes
        .get("/v1/keys", callers.known(this::list))
        .get("/v1/keys/:id", callers.known(this::show))
        .post("/v1/keys/:id/rotate", callers.known(this::rotate))
        .post("/v1/keys/:id/retire", callers.known(this::retire))
        .post("/v1/keys/:id/compromise", callers.known(this::compromise));
  }

  private Answer list(Call call, Known known) {
    if (!rights.audits(known.caller())) {
      return Problem.notFound();
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("keys", slots.all().stream().map(this::view).toList());
    return Answer.json(body);
  }

  private Answer show(Call call, Known known) {
    if (!rights.audits(known.caller())) {
      return Problem.notFound();
    }
    String id = call.parameter("id");
    return slots.find(id).map(slot -> Answer.json(view(slot))).orElseGet(() -> unknown(id));
  }

  /** For whoever may see all that there are. */
  private Answer unknown(String id) {
    String there = slots.all().stream().map(Slot::id).collect(Collectors.joining(", "));
    return Problem.of(404, "not-found", "There is no key \"" + id + "\". There are " + there + ".");
  }

  private Map<String, Object> view(Slot slot) {
    return slot.view().json(clock.instant());
  }

  private Answer rotate(Call call, Known known) {
    return act(
        call,
        known,
        root -> {
          Optional<Boolean> now = root.fields("now").optional("now").bool();
          return root.whenSound(() -> now.orElse(false));
        },
        (slot, now) -> slot.rotate(now, known.caller().principal()));
  }

  private Answer retire(Call call, Known known) {
    return act(
        call,
        known,
        root -> {
          Optional<String> version = root.fields("version").optional("version").string(VERSION_MAX);
          return root.whenSound(() -> version);
        },
        (slot, version) -> slot.retire(version, known.caller().principal()));
  }

  private Answer compromise(Call call, Known known) {
    record Wish(Optional<String> version, String reason) {}
    return act(
        call,
        known,
        root -> {
          Fields fields = root.fields("version", "reason");
          Optional<String> version = fields.optional("version").string(VERSION_MAX);
          Optional<String> reason = fields.optional("reason").prose(REASON_MAX);
          return root.whenSound(() -> new Wish(version, reason.orElse("said to be compromised")));
        },
        (slot, wish) -> slot.compromise(wish.version(), wish.reason(), known.caller().principal()));
  }

  private <T> Answer act(
      Call call,
      Known known,
      Function<Value, Optional<T>> reader,
      BiFunction<Slot, T, Outcome> order) {
    if (!rights.administers(known.caller())) {
      return Problem.notFound();
    }
    String id = call.parameter("id");
    Optional<Slot> slot = slots.find(id);
    if (slot.isEmpty()) {
      return unknown(id);
    }
    byte[] body = call.body().length == 0 ? "{}".getBytes(StandardCharsets.US_ASCII) : call.body();
    return switch (Document.json(body, Limits.REQUEST).read(reader)) {
      case Parsed.Invalid<T> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<T>(T wish) -> done(slot.get(), order, wish);
    };
  }

  private static <T> Answer done(Slot slot, BiFunction<Slot, T, Outcome> order, T wish) {
    try {
      return switch (order.apply(slot, wish)) {
        case Outcome.Refused(String text) -> Problem.conflict(text);
        case Outcome.Done done -> Answer.json(Outcome.json(slot.id(), done));
        case Outcome.Scheduled scheduled ->
            Answer.json(ACCEPTED, Outcome.json(slot.id(), scheduled));
      };
    } catch (KeyException unusable) {
      return Problem.unavailable(unusable.getMessage());
    }
  }
}
