package dev.writ.keycloak.admin;

import dev.writ.document.Json;
import dev.writ.document.Problem;
import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.http.Body;
import dev.writ.keycloak.store.Listing;
import dev.writ.keycloak.store.Summary;
import dev.writ.keycloak.store.Version;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.Change;
import dev.writ.policy.Comparison;
import dev.writ.policy.Examined;
import dev.writ.policy.Policy;
import dev.writ.policy.PolicyName;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code policies}: the list, and what can be asked about a policy that nobody has saved yet. */
public final class PoliciesResource {
  private static final int SEARCH_MAX = 200;

  private final Administered administered;

  PoliciesResource(Administered administered) {
    this.administered = administered;
  }

  @GET
  public Response list(
      @QueryParam("search") @DefaultValue("") String search,
      @QueryParam("first") @DefaultValue("0") String first,
      @QueryParam("max") @DefaultValue("100") String max,
      @QueryParam("deleted") @DefaultValue("false") String deleted) {
    Paging paging = Paging.read(first, max);
    return administered
        .unlessReader()
        .or(paging::refusal)
        .orElseGet(() -> page(search, Boolean.parseBoolean(deleted), paging));
  }

  private Response page(String search, boolean deleted, Paging paging) {
    if (search.length() > SEARCH_MAX) {
      return Answers.invalid("", "search: expected at most " + SEARCH_MAX + " characters");
    }
    Listing listing =
        administered.policies().list(search.strip(), deleted, paging.first(), paging.max());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("total", listing.total());
    body.put("policies", listing.entries().stream().map(Views::line).toList());
    return Answers.ok(body);
  }

  @Path("{name}")
  public PolicyResource policy(@PathParam("name") String name) {
    return new PolicyResource(administered, name);
  }

  /** Judges what somebody is writing; 200 even if it is unsound. */
  @POST
  @Path("check")
  public Response check(String text) {
    return administered.unlessReader().orElseGet(() -> checked(text));
  }

  private Response checked(String text) {
    Body body = Body.read(text, "policy", "yaml", "base");
    Optional<String> base = body.text("base", 63);
    Optional<Examined> draft = Documents.sent(body, administered.bounds());
    if (draft.isEmpty() || !body.isSound()) {
      return Answers.invalid(body.problems());
    }
    List<Problem> problems = draft.get().policy().problems();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("sound", problems.isEmpty());
    view.put("problems", Answers.list(problems));
    view.put("flags", List.of());
    view.put("aws", draft.get().aws().stream().map(PoliciesResource::budget).toList());
    if (problems.isEmpty()) {
      Policy policy = draft.get().policy().orElseThrow();
      view.put("flags", Summary.flags(policy));
      view.put("policy", new Json.Written(policy.toJson()));
      view.put("yaml", policy.toYaml());
      view.put("changes", Views.changes(changes(base, policy)));
    }
    return Answers.ok(view);
  }

  private static Map<String, Object> budget(Examined.Budget budget) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("grant", budget.grant());
    view.put("characters", budget.characters());
    view.put("limit", AwsGrant.SESSION_POLICY_LENGTH_MAX);
    return view;
  }

  private List<Change> changes(Optional<String> base, Policy policy) {
    Optional<Policy> before =
        base.filter(name -> PolicyName.of(name).isPresent())
            .flatMap(administered.policies()::newest)
            .filter(version -> !version.deleted())
            .map(Version::policy);
    return Comparison.of(before, Optional.of(policy));
  }

  /** What a policy would answer to a request. */
  @POST
  @Path("preview")
  public Response preview(String text) {
    return administered.unlessReader().orElseGet(() -> previewed(text));
  }

  private Response previewed(String text) {
    Body body = Body.read(text, "policy", "yaml", "name", "version", "request");
    Optional<Policy> policy;
    if (body.node("name").isPresent()) {
      Optional<String> name = body.text("name", 63);
      Optional<Integer> number =
          body.node("version").isPresent()
              ? body.number("version", 1).stream().boxed().findFirst()
              : Optional.empty();
      if (!body.isSound()) {
        return Answers.invalid(body.problems());
      }
      Optional<Version> version =
          name.filter(given -> PolicyName.of(given).isPresent())
              .flatMap(given ->
                  number
                      .map(n -> administered.policies().version(given, n))
                      .orElseGet(() -> administered.policies().newest(given)));
      if (version.isEmpty()) {
        return Answers.notFound("There is no such policy, or no such version of it.");
      }
      policy = version.map(Version::policy);
    } else {
      Optional<Examined> draft = Documents.sent(body, administered.bounds());
      if (draft.isPresent() && !draft.get().policy().problems().isEmpty()) {
        return Answers.invalid(draft.get().policy().problems());
      }
      policy = draft.map(examined -> examined.policy().orElseThrow());
    }
    if (body.node("request").isEmpty()) {
      body.problem("/request", "expected one element of authorization_details");
    }
    return body.isSound()
        ? Answers.ok(
            Preview.of(policy.orElseThrow(), body.node("request").orElseThrow().toString()))
        : Answers.invalid(body.problems());
  }
}
