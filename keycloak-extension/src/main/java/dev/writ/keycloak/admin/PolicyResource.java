package dev.writ.keycloak.admin;

import dev.writ.keycloak.broker.Push;
import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.http.Body;
import dev.writ.keycloak.store.Edit;
import dev.writ.keycloak.store.Saved;
import dev.writ.keycloak.store.Version;
import dev.writ.policy.Comparison;
import dev.writ.policy.Examined;
import dev.writ.policy.Policy;
import dev.writ.policy.PolicyName;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.keycloak.events.admin.OperationType;

/** {@code policies/{name}}: one policy and its history. */
public final class PolicyResource {
  private static final String NONE = "There is no such policy here.";
  private static final String NO_VERSION = "There is no such version of this policy.";

  private final Administered administered;
  private final String name;

  PolicyResource(Administered administered, String name) {
    this.administered = administered;
    this.name = name;
  }

  @GET
  public Response show() {
    return administered
        .unlessReader()
        .orElseGet(() ->
            current()
                .map(version -> Answers.ok(Views.whole(version, true)))
                .orElseGet(() -> Answers.notFound(NONE)));
  }

  /** The newest version; a deleted policy has one, too. */
  private Optional<Version> current() {
    return PolicyName.of(name).flatMap(sound -> administered.policies().newest(sound.value()));
  }

  private Optional<Version> numbered(String number) {
    boolean sound = PolicyName.of(name).isPresent() && number.matches("[1-9][0-9]{0,8}");
    return sound
        ? administered.policies().version(name, Integer.parseInt(number))
        : Optional.empty();
  }

  @GET
  @Path("versions")
  public Response versions(
      @QueryParam("first") @DefaultValue("0") String first,
      @QueryParam("max") @DefaultValue("100") String max) {
    Paging paging = Paging.read(first, max);
    return administered
        .unlessReader()
        .or(paging::refusal)
        .orElseGet(() -> current().isEmpty() ? Answers.notFound(NONE) : history(paging));
  }

  private Response history(Paging paging) {
    return Answers.ok(
        Map.of(
            "versions",
            administered.policies().history(name, paging.first(), paging.max()).stream()
                .map(Views::ofHistory)
                .toList()));
  }

  @GET
  @Path("versions/{number}")
  public Response version(@PathParam("number") String number) {
    return administered
        .unlessReader()
        .orElseGet(() ->
            numbered(number)
                .map(version -> Answers.ok(Views.whole(version, isCurrent(version))))
                .orElseGet(() -> Answers.notFound(NO_VERSION)));
  }

  private boolean isCurrent(Version version) {
    return current().map(newest -> newest.version() == version.version()).orElse(false);
  }

  @GET
  @Path("compare")
  public Response compare(
      @QueryParam("from") @DefaultValue("") String from,
      @QueryParam("to") @DefaultValue("") String to) {
    return administered.unlessReader().orElseGet(() -> compared(numbered(from), numbered(to)));
  }

  private static Response compared(Optional<Version> from, Optional<Version> to) {
    return from.isPresent() && to.isPresent()
        ? Answers.ok(Views.comparison(from.get(), to.get()))
        : Answers.notFound("from and to are to be versions of this policy.");
  }

  @PUT
  public Response save(String text) {
    return administered.unlessWriter().orElseGet(() -> saved(text));
  }

  private Response saved(String text) {
    Body body = Body.read(text, "expected", "comment", "policy", "yaml");
    OptionalInt expected = body.number("expected", 0);
    String comment = body.text("comment", Edit.COMMENT_MAX).orElse("");
    Optional<Examined> sent = Documents.sent(body, administered.bounds());
    if (!body.isSound() || sent.isEmpty()) {
      return Answers.invalid(body.problems());
    }
    if (!sent.get().policy().problems().isEmpty()) {
      return Answers.invalid(sent.get().policy().problems());
    }
    Policy policy = sent.get().policy().orElseThrow();
    if (!policy.name().value().equals(name)) {
      return Answers.invalid("/name", "expected \"" + name + "\", as the address has it");
    }
    return answer(
        expected.getAsInt(),
        administered
            .policies()
            .save(policy, expected.getAsInt(), administered.edit(comment), OptionalInt.empty()));
  }

  private Response answer(int expected, Saved saved) {
    if (saved instanceof Saved.Conflict conflict) {
      return Conflicts.of(name, expected, conflict.current());
    }
    if (saved instanceof Saved.Unchanged unchanged) {
      return Answers.ok(Views.whole(unchanged.version(), true));
    }
    Saved.Done done = (Saved.Done) saved;
    record(done.isNew() ? OperationType.CREATE : OperationType.UPDATE, done.version());
    return Answers.json(done.isNew() ? 201 : 200, Views.whole(done.version(), true));
  }

  private void record(OperationType operation, Version version) {
    Map<String, Object> representation = new LinkedHashMap<>(Views.head(version));
    representation.put("canonical", version.canonical());
    administered.record(operation, "WRIT_POLICY", representation);
    Push.afterCommit(administered.session(), administered.realm());
  }

  /** Refused while agents live under it, or while nobody can say so, unless it is forced. */
  @DELETE
  public Response delete(
      @QueryParam("expected") @DefaultValue("") String expected,
      @QueryParam("force") @DefaultValue("false") String force,
      @QueryParam("comment") @DefaultValue("") String comment) {
    return administered
        .unlessWriter()
        .orElseGet(() -> deleted(expected, Boolean.parseBoolean(force), comment));
  }

  private Response deleted(String expected, boolean force, String comment) {
    if (!expected.matches("[1-9][0-9]{0,8}") || comment.length() > Edit.COMMENT_MAX) {
      return Answers.invalid(
          "",
          "expected the version to delete in \"expected\", and at most "
              + Edit.COMMENT_MAX
              + " characters in \"comment\"");
    }
    Optional<Version> current = current();
    if (current.isEmpty()) {
      return Answers.notFound(NONE);
    }
    Optional<Response> attached =
        force ? Optional.empty() : Attached.to(name, administered).refusal(name);
    return attached.orElseGet(
        () -> deleted(current.get().policy(), Integer.parseInt(expected), comment));
  }

  private Response deleted(Policy policy, int expected, String comment) {
    Saved saved = administered.policies().delete(policy, expected, administered.edit(comment));
    if (saved instanceof Saved.Done done) {
      record(OperationType.DELETE, done.version());
      return Response.noContent().build();
    }
    return answer(expected, saved);
  }

  /** What would change for whom, were this saved. */
  @POST
  @Path("impact")
  public Response impact(String text) {
    return administered.unlessReader().orElseGet(() -> impacted(text));
  }

  private Response impacted(String text) {
    Body body = Body.read(text, "policy", "yaml", "delete");
    boolean deleted = body.flag("delete");
    Optional<Examined> draft =
        deleted ? Optional.empty() : Documents.sent(body, administered.bounds());
    if (!body.isSound()) {
      return Answers.invalid(body.problems());
    }
    if (draft.isPresent() && !draft.get().policy().problems().isEmpty()) {
      return Answers.invalid(draft.get().policy().problems());
    }
    Optional<Policy> before = current().filter(v -> !v.deleted()).map(Version::policy);
    Optional<Policy> after = draft.map(examined -> examined.policy().orElseThrow());
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("changes", Views.changes(Comparison.of(before, after)));
    view.putAll(Attached.to(name, administered).view());
    return Answers.ok(view);
  }

  @POST
  @Path("restore")
  public Response restore(String text) {
    return administered.unlessWriter().orElseGet(() -> restored(text));
  }

  private Response restored(String text) {
    Body body = Body.read(text, "version", "expected", "comment");
    OptionalInt number = body.number("version", 1);
    OptionalInt expected = body.number("expected", 0);
    String comment = body.text("comment", Edit.COMMENT_MAX).orElse("");
    if (!body.isSound()) {
      return Answers.invalid(body.problems());
    }
    Optional<Version> version = numbered(String.valueOf(number.getAsInt()));
    if (version.isEmpty()) {
      return Answers.notFound(NO_VERSION);
    }
    return answer(
        expected.getAsInt(),
        administered
            .policies()
            .save(version.get().policy(), expected.getAsInt(), administered.edit(comment), number));
  }
}
