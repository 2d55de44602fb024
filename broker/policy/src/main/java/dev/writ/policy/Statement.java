package dev.writ.policy;

import dev.writ.document.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What AWS is to allow: each of the actions on each of the resources, under the conditions.
 *
 * @param iKnow the reason given beside something dangerous; empty in all that is derived from a
 *     policy
 */
public record Statement(
    List<AwsPattern> actions,
    List<AwsPattern> resources,
    Conditions conditions,
    Optional<String> iKnow)
    implements Comparable<Statement> {
  private static final Comparator<Statement> ORDER =
      Comparator.comparing(statement -> Json.write(statement.details()));

  public Statement {
    actions = Lists.asSet(actions);
    resources = Lists.asSet(resources);
  }

  static Statement of(List<AwsPattern> actions, List<AwsPattern> resources, Conditions conditions) {
    return new Statement(actions, resources, conditions, Optional.empty());
  }

  boolean allowsNothing() {
    return actions.isEmpty() || resources.isEmpty();
  }

  /** The same authority in its shortest form. */
  Statement reduced() {
    return of(AwsPattern.reduce(actions), AwsPattern.reduce(resources), conditions);
  }

  /** Whether this allows all that {@code other} does, leaving conditions aside. */
  boolean covers(Statement other) {
    return AwsPattern.includeAll(actions, other.actions)
        && AwsPattern.includeAll(resources, other.resources);
  }

  /** Whether {@code other} adds nothing to this. */
  boolean subsumes(Statement other) {
    return conditions.areWithin(other.conditions) && covers(other);
  }

  /**
   * Those of {@code asked}'s actions and resources that this allows, under this one's conditions.
   */
  Statement share(Statement asked) {
    return of(
        asked.actions.stream().filter(a -> AwsPattern.anyIncludes(actions, a)).toList(),
        asked.resources.stream().filter(r -> AwsPattern.anyIncludes(resources, r)).toList(),
        conditions);
  }

  /**
   * The statements, sorted, without those that allow nothing or that another one of them subsumes.
   */
  static List<Statement> normal(List<Statement> statements) {
    List<Statement> kept = new ArrayList<>();
    for (Statement statement : Lists.asSet(statements)) {
      if (!statement.allowsNothing() && kept.stream().noneMatch(k -> k.subsumes(statement))) {
        kept.removeIf(statement::subsumes);
        kept.add(statement);
      }
    }
    return List.copyOf(kept);
  }

  Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("actions", Lists.texts(actions));
    details.put("resources", Lists.texts(resources));
    if (!conditions.isEmpty()) {
      details.put("conditions", conditions.details());
    }
    return details;
  }

  @Override
  public int compareTo(Statement other) {
    return ORDER.compare(this, other);
  }
}
