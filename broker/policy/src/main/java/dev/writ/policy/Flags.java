package dev.writ.policy;

import static dev.writ.policy.Flag.Severity.DANGER;
import static dev.writ.policy.Flag.Severity.NOTE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what is dangerous or surprising in a grant. */
final class Flags {
  private static final List<Glob> DANGEROUS_SERVICES = List.of(new Glob("sts"), new Glob("iam"));

  private Flags() {}

  static List<Flag> of(Grant grant) {
    return grant.fold(Flags::gitHub, Flags::aws, Flags::internal);
  }

  private static List<Flag> gitHub(GitHubGrant grant) {
    String target = "github " + grant.account();
    List<Flag> flags = new ArrayList<>(dangers(target, dangers(grant), grant.iKnow()));
    for (String name : grant.permissions().levels().keySet()) {
      if (!KnownPermissions.find(name).orElseThrow().boundedByRepositories()) {
        flags.add(new Flag(NOTE, target, name + " reaches beyond the listed repositories"));
      }
    }
    if (grant.permissions().isEmpty()
        || !grant.allRepositories() && grant.repositories().isEmpty()) {
      flags.add(new Flag(NOTE, target, "allows nothing"));
    }
    return flags;
  }

  private static List<Flag> aws(AwsGrant grant) {
    String target = "aws " + grant.role();
    List<Flag> flags = new ArrayList<>();
    grant.allow().forEach(s -> flags.addAll(dangers(target, dangers(s), s.iKnow())));
    if (grant.allow().stream().allMatch(Statement::allowsNothing)) {
      flags.add(new Flag(NOTE, target, "allows nothing"));
    }
    return flags;
  }

  private static List<Flag> internal(InternalGrant grant) {
    String target = "internal " + grant.audience();
    return grant.scopes().isEmpty() ? List.of(new Flag(NOTE, target, "allows nothing")) : List.of();
  }

  private static List<Flag> dangers(String target, List<String> dangers, Optional<String> reason) {
    String because = reason.map(given -> " (i-know: " + given + ")").orElse("");
    return dangers.stream().map(what -> new Flag(DANGER, target, what + because)).toList();
  }

  /** What of this grant is accepted only with a reason. */
  static List<String> dangers(GitHubGrant grant) {
    return grant.allRepositories()
        ? List.of("\"*\" means every repository of the installation, later ones included")
        : List.of();
  }

  /** What of this statement is accepted only with a reason. */
  static List<String> dangers(Statement statement) {
    List<String> dangers = new ArrayList<>();
    for (AwsPattern action : statement.actions()) {
      if (action.hasOpenService()) {
        dangers.add("action " + action + " reaches every service");
      } else if (DANGEROUS_SERVICES.stream().anyMatch(action.service()::includes)) {
        dangers.add("action " + action + " can give away more authority");
      }
    }
    for (AwsPattern resource : statement.resources()) {
      if (resource.hasOpenService()) {
        dangers.add("resource " + resource + " reaches every service");
      }
    }
    return dangers;
  }
}
