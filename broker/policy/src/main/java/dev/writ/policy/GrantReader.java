package dev.writ.policy;

import static dev.writ.policy.Parts.OF_POLICY;

import dev.writ.document.Fields;
import dev.writ.document.Quoted;
import dev.writ.document.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one grant of a policy. */
final class GrantReader {
  private static final int REASON_LENGTH_MAX = 256;

  private final Bounds bounds;

  GrantReader(Bounds bounds) {
    this.bounds = bounds;
  }

  Optional<Grant> grant(Value value) {
    Fields fields = value.fields("github", "aws", "internal");
    List<Value> kinds =
        Stream.of("github", "aws", "internal")
            .map(fields::optional)
            .filter(Value::isPresent)
            .toList();
    if (kinds.size() != 1 && value.isMapping()) {
      value.problem("expected exactly one of github, aws, internal");
    }
    Optional<Grant> gitHub = gitHub(fields.optional("github"));
    Optional<Grant> aws = aws(fields.optional("aws"));
    Optional<Grant> internal = internal(fields.optional("internal"));
    return gitHub.or(() -> aws).or(() -> internal);
  }

  private static Optional<Grant> gitHub(Value value) {
    if (!value.isPresent()) {
      return Optional.empty();
    }
    Fields fields = value.fields("account", "repositories", "permissions", "i-know");
    Optional<String> account =
        fields.required("account").parsed("a GitHub account", Repository::account);
    Parts.Named named = OF_POLICY.repositories(fields.required("repositories"), account);
    Permissions permissions = OF_POLICY.permissions(fields.required("permissions"));
    Optional<String> iKnow = fields.optional("i-know").string(REASON_LENGTH_MAX);
    Optional<GitHubGrant> grant =
        account.map(
            name -> new GitHubGrant(name, named.all(), named.repositories(), permissions, iKnow));
    grant.ifPresent(
        given -> demandReason(fields, fields.optional("repositories"), Flags.dangers(given)));
    return grant.map(given -> given);
  }

  private static Optional<Grant> aws(Value value) {
    if (!value.isPresent()) {
      return Optional.empty();
    }
    Fields fields = value.fields("role", "allow");
    Optional<String> role = fields.required("role").parsed(Syntax.ROLE_EXPECTED, Syntax::role);
    Value allow = fields.required("allow");
    List<Statement> statements =
        allow.items(Parts.STATEMENTS_MAX).stream().map(GrantReader::statement).toList();
    Optional<AwsGrant> grant = role.map(arn -> new AwsGrant(arn, statements));
    grant
        .filter(given -> !given.fits())
        .ifPresent(given ->
            allow.problem(
                String.format(
                    "the session policy takes %d characters: AWS takes at most %d",
                    given.sessionPolicy().length(), AwsGrant.SESSION_POLICY_LENGTH_MAX)));
    return grant.map(given -> given);
  }

  private static Statement statement(Value value) {
    Fields fields = value.fields("actions", "resources", "conditions", "i-know");
    Statement statement =
        new Statement(
            OF_POLICY.actions(fields.required("actions")),
            OF_POLICY.resources(fields.required("resources")),
            ConditionsReader.conditions(fields.optional("conditions")),
            fields.optional("i-know").string(REASON_LENGTH_MAX));
    demandReason(fields, value, Flags.dangers(statement));
    return statement;
  }

  private static void demandReason(Fields fields, Value place, List<String> dangers) {
    if (!fields.has("i-know")) {
      dangers.forEach(
          what -> place.problem(what + ": if it is meant, put i-know: \"<reason>\" beside it"));
    }
  }

  private Optional<Grant> internal(Value value) {
    if (!value.isPresent()) {
      return Optional.empty();
    }
    Fields fields = value.fields("audience", "scopes");
    Value audience = fields.required("audience");
    List<String> scopes = OF_POLICY.scopes(fields.required("scopes"));
    Optional<String> name = audience.parsed(Syntax.AUDIENCE_EXPECTED, Syntax::audience);
    name.filter(bounds::reserves)
        .ifPresent(reserved ->
            audience.problem(
                Quoted.of(reserved)
                    + " is the audience of other tokens (the issuer's, STS's or a launcher's):"
                    + " give the resource server one of its own"));
    return name.map(given -> new InternalGrant(given, scopes));
  }
}
