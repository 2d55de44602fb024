package dev.writ.policy;

import static dev.writ.policy.Denial.Code.ACCESS_DENIED;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that is allowed to sessions of one role.
 *
 * @param allow any of these; normal form, so that equal authority is equal
 * @param contradicted what several policies allow, but under conditions that exclude each other:
 *     never granted, kept only to say so
 */
record AwsAuthority(String role, List<Statement> allow, List<Statement> contradicted) {
  /** Many more than fit a session policy. What an intersection has beyond this is not granted. */
  private static final int STATEMENTS_MAX = 128;

  AwsAuthority {
    allow = bounded(allow);
    contradicted = bounded(without(contradicted, allow));
  }

  private static List<Statement> bounded(List<Statement> statements) {
    List<Statement> reduced = statements.stream().map(Statement::reduced).toList();
    return Statement.normal(reduced).stream().limit(STATEMENTS_MAX).toList();
  }

  private static List<Statement> without(List<Statement> contradicted, List<Statement> allow) {
    return contradicted.stream()
        .filter(statement -> allow.stream().noneMatch(allowed -> allowed.covers(statement)))
        .toList();
  }

  static AwsAuthority of(AwsGrant grant) {
    return new AwsAuthority(grant.role(), grant.allow(), List.of());
  }

  AwsAuthority join(AwsAuthority other) {
    return new AwsAuthority(
        role, Lists.concat(allow, other.allow), Lists.concat(contradicted, other.contradicted));
  }

  AwsAuthority meet(AwsAuthority other) {
    List<Statement> allowed = new ArrayList<>();
    List<Statement> refused = new ArrayList<>();
    for (Statement one : allow) {
      for (Statement two : other.allow) {
        one.conditions()
            .and(two.conditions())
            .ifPresentOrElse(
                both -> allowed.add(overlap(one, two, both)),
                () -> refused.add(overlap(one, two, Conditions.NONE)));
      }
    }
    refused.addAll(overlaps(contradicted, Lists.concat(other.allow, other.contradicted)));
    refused.addAll(overlaps(allow, other.contradicted));
    return new AwsAuthority(role, allowed, refused);
  }

  private static List<Statement> overlaps(List<Statement> some, List<Statement> others) {
    return some.stream()
        .flatMap(one -> others.stream().map(two -> overlap(one, two, Conditions.NONE)))
        .toList();
  }

  private static Statement overlap(Statement one, Statement two, Conditions conditions) {
    return Statement.of(
        AwsPattern.meet(one.actions(), two.actions()),
        AwsPattern.meet(one.resources(), two.resources()),
        conditions);
  }

  /** What {@code request} means here: where it says nothing of what to allow, all that there is. */
  AwsAuthority asked(AwsRequest request) {
    return request.allow().map(asked -> new AwsAuthority(role, asked, List.of())).orElse(this);
  }

  Judgement judge(AwsRequest request) {
    List<Statement> granted = new ArrayList<>();
    if (request.allow().isEmpty()) {
      if (allow.isEmpty()) {
        return new Judgement.Refused(nothing(request));
      }
      granted.addAll(allow);
    }
    for (Statement asked : request.allow().orElse(List.of())) {
      List<Statement> shares = allow.stream().map(statement -> statement.share(asked)).toList();
      Optional<Denial> denial = uncovered(request, asked, shares);
      if (denial.isPresent()) {
        return new Judgement.Refused(denial.get());
      }
      granted.addAll(shares);
    }
    AwsGrant grant = new AwsGrant(role, Statement.normal(granted));
    return grant.fits()
        ? new Judgement.Allowed(grant)
        : new Judgement.Refused(tooLong(request, grant));
  }

  /** The first action and resource that no share has together. */
  private Optional<Denial> uncovered(AwsRequest request, Statement asked, List<Statement> shares) {
    for (AwsPattern action : asked.actions()) {
      for (AwsPattern resource : asked.resources()) {
        boolean covered =
            shares.stream()
                .anyMatch(s -> s.actions().contains(action) && s.resources().contains(resource));
        if (!covered) {
          return Optional.of(beyond(request, action, resource));
        }
      }
    }
    return Optional.empty();
  }

  private Denial beyond(AwsRequest request, AwsPattern action, AwsPattern resource) {
    Statement pair = Statement.of(List.of(action), List.of(resource), Conditions.NONE);
    if (contradicted.stream().anyMatch(statement -> statement.covers(pair))) {
      return denial(request, Rule.CONDITIONS, action + " on " + resource + CONTRADICTED);
    }
    boolean actionKnown = allow.stream().anyMatch(s -> AwsPattern.anyIncludes(s.actions(), action));
    return actionKnown
        ? denial(request, Rule.RESOURCES, action + " is not granted on all of " + resource)
        : denial(request, Rule.ACTIONS, action + " is not granted here");
  }

  private static final String CONTRADICTED =
      " is allowed along the lineage only under conditions that exclude each other";

  private Denial nothing(AwsRequest request) {
    return contradicted.isEmpty()
        ? denial(request, Rule.ACTIONS, "no action is granted to this role's sessions")
        : denial(request, Rule.CONDITIONS, "what there is" + CONTRADICTED);
  }

  private Denial tooLong(AwsRequest request, AwsGrant grant) {
    String what =
        String.format(
            "the session policy would take %d characters, and AWS takes %d: ask for fewer actions and resources at once",
            grant.sessionPolicy().length(), AwsGrant.SESSION_POLICY_LENGTH_MAX);
    return Denial.of(ACCESS_DENIED, Rule.BUDGET, request, grants(), what);
  }

  private Denial denial(AwsRequest request, Rule rule, String what) {
    String hint = what + "; ask only for what is under \"allowed\", or have the policy changed";
    return Denial.of(ACCESS_DENIED, rule, request, grants(), hint);
  }

  List<AwsGrant> grants() {
    return allow.isEmpty() ? List.of() : List.of(new AwsGrant(role, allow));
  }
}
