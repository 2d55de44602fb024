package dev.writ.policy;

import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Nearest;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.document.Quoted;
import dev.writ.document.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reads requests in both ways of naming a target: {@code authorization_details} and the short
 * forms.
 */
public final class Requests {
  /** Of the entries of one {@code narrow}. */
  public static final int NARROW_MAX = 32;

  private static final List<String> TYPES = List.of("github", "aws", "internal");
  private static final int MEMBERS_MAX = 16;
  private static final int PROBLEMS_SHOWN_MAX = 10;

  private Requests() {}

  /** The one element of {@code authorization_details} in a token request (RFC 9396, section 2). */
  public static Asked details(String json) {
    return asked(Document.json(json, Limits.REQUEST).read(root -> elements(root, 1)));
  }

  private static Asked asked(Parsed<List<Request>> parsed) {
    if (parsed instanceof Parsed.Invalid<List<Request>> invalid) {
      String hint = "authorization_details: " + brief(invalid.problems());
      return new Asked.Unclear(
          Denial.unreadable(Denial.Code.INVALID_AUTHORIZATION_DETAILS, Rule.SYNTAX, hint));
    }
    return new Asked.For(parsed.orElseThrow().get(0));
  }

  private static String brief(List<Problem> problems) {
    String first =
        String.join(
            "; ", problems.stream().limit(PROBLEMS_SHOWN_MAX).map(Problem::toString).toList());
    int more = problems.size() - PROBLEMS_SHOWN_MAX;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  /**
   * {@code resource=}: a repository's URL or a role's ARN, asking for all that is granted there
   * (RFC 8707).
   *
   * @param gitHosts names (with ports, if any) of the GitHub servers whose repositories may be
   *     meant
   */
  public static Asked resource(String resource, Collection<String> gitHosts) {
    Optional<Request> role =
        Syntax.role(resource).map(arn -> new AwsRequest(arn, Optional.empty()));
    Optional<Request> request = role.or(() -> repository(resource, gitHosts));
    String hint =
        "resource: expected https://github.com/owner/name, without .git, or "
            + Syntax.ROLE_EXPECTED
            + ", got "
            + Quoted.of(resource);
    return request
        .<Asked>map(Asked.For::new)
        .orElseGet(() ->
            new Asked.Unclear(Denial.unreadable(Denial.Code.INVALID_TARGET, Rule.RESOURCE, hint)));
  }

  private static Optional<Request> repository(String resource, Collection<String> gitHosts) {
    return gitHosts.stream()
        .map(host -> "https://" + host + "/")
        .filter(resource::startsWith)
        .findFirst()
        .flatMap(prefix -> Repository.of(resource.substring(prefix.length())))
        .map(GitHubRequest::ofResource);
  }

  /**
   * {@code audience=}, with or without {@code scope=}.
   *
   * @param scope space-separated (RFC 6749, section 3.3); absent: all that are granted
   */
  public static Asked audience(String audience, Optional<String> scope) {
    if (Syntax.audience(audience).isEmpty()) {
      String hint =
          "audience: expected " + Syntax.AUDIENCE_EXPECTED + ", got " + Quoted.of(audience);
      return new Asked.Unclear(Denial.unreadable(Denial.Code.INVALID_TARGET, Rule.AUDIENCE, hint));
    }
    Optional<List<String>> scopes = scope.map(text -> List.of(text.split(" ", -1)));
    if (scopes.filter(asked -> !sound(asked)).isPresent()) {
      String hint =
          "scope: expected 1 to "
              + Parts.SCOPES_MAX
              + " times "
              + Syntax.SCOPE_EXPECTED
              + ", separated by single spaces";
      return new Asked.Unclear(Denial.unreadable(Denial.Code.INVALID_SCOPE, Rule.SCOPES, hint));
    }
    return new Asked.For(new InternalRequest(audience, scopes));
  }

  private static boolean sound(List<String> scopes) {
    return scopes.size() <= Parts.SCOPES_MAX
        && scopes.stream().allMatch(scope -> Syntax.scope(scope).isPresent());
  }

  /**
   * The entries of a {@code narrow} that stands in a larger document; problems are noted there.
   * None if it is absent, and no entries narrow to nothing: an absent {@code narrow} is not to be
   * applied.
   */
  public static List<Request> narrow(Value value) {
    return elements(value, NARROW_MAX).orElse(List.of());
  }

  /** The entries of a {@code narrow} as it was stored. */
  public static Parsed<List<Request>> narrow(String json) {
    return Document.json(json, Limits.REQUEST).read(root -> elements(root, NARROW_MAX));
  }

  private static Optional<List<Request>> elements(Value value, int max) {
    List<Value> items = Parts.OF_REQUEST.filled(value, value.items(max));
    List<Request> requests = new ArrayList<>();
    items.forEach(item -> element(item).ifPresent(requests::add));
    return value.whenSound(() -> List.copyOf(requests));
  }

  private static Optional<Request> element(Value value) {
    if (!value.isMapping()) {
      value.problem("expected an object with \"type\"");
      return Optional.empty();
    }
    Optional<Value> type = Optional.ofNullable(value.entries(MEMBERS_MAX).get("type"));
    if (type.isEmpty()) {
      value.problem("missing key \"type\": expected one of " + String.join(", ", TYPES));
      return Optional.empty();
    }
    Optional<String> word = type.get().string(64);
    if (word.isEmpty()) {
      return Optional.empty();
    }
    return switch (word.get()) {
      case "github" -> gitHub(value.fields("type", "account", "repositories", "permissions"));
      case "aws" -> aws(value.fields("type", "role", "allow"));
      case "internal" -> internal(value.fields("type", "audience", "scopes"));
      default -> {
        String hint = Nearest.hint(word.get(), TYPES);
        type.get().problem("unknown type " + Quoted.of(word.get()) + hint);
        yield Optional.empty();
      }
    };
  }

  private static Optional<Request> gitHub(Fields fields) {
    Optional<String> account =
        fields.optional("account").parsed("a GitHub account", Repository::account);
    Parts.Named named = Parts.OF_REQUEST.repositories(fields.required("repositories"), account);
    Permissions permissions = Parts.OF_REQUEST.permissions(fields.optional("permissions"));
    if (named.all() != named.repositories().isEmpty()) {
      return Optional.empty();
    }
    Optional<Permissions> asked =
        fields.has("permissions") ? Optional.of(permissions) : Optional.empty();
    return Optional.of(
        new GitHubRequest(named.account(), named.all(), named.repositories(), asked, false));
  }

  private static Optional<Request> aws(Fields fields) {
    Optional<String> role = fields.required("role").parsed(Syntax.ROLE_EXPECTED, Syntax::role);
    Value allow = fields.optional("allow");
    List<Statement> statements =
        Parts.OF_REQUEST.filled(allow, allow.items(Parts.STATEMENTS_MAX)).stream()
            .map(Requests::statement)
            .toList();
    Optional<List<Statement>> asked =
        allow.isPresent() ? Optional.of(statements) : Optional.empty();
    return role.map(arn -> new AwsRequest(arn, asked));
  }

  private static Statement statement(Value value) {
    Fields fields = value.fields("actions", "resources");
    return Statement.of(
        Parts.OF_REQUEST.actions(fields.required("actions")),
        Parts.OF_REQUEST.resources(fields.required("resources")),
        Conditions.NONE);
  }

  private static Optional<Request> internal(Fields fields) {
    Optional<String> audience =
        fields.required("audience").parsed(Syntax.AUDIENCE_EXPECTED, Syntax::audience);
    List<String> scopes = Parts.OF_REQUEST.scopes(fields.optional("scopes"));
    Optional<List<String>> asked = fields.has("scopes") ? Optional.of(scopes) : Optional.empty();
    return audience.map(name -> new InternalRequest(name, asked));
  }
}
