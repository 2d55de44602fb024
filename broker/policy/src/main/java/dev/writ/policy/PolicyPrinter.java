package dev.writ.policy;

import dev.writ.document.Durations;
import dev.writ.document.Json;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Prints a policy in its canonical form: keys in the order of the language, lists that stand for
 * sets sorted.
 */
final class PolicyPrinter {
  private static final DumpSettings YAML =
      DumpSettings.builder()
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setWidth(120)
          .setDereferenceAliases(true)
          .build();

  private PolicyPrinter() {}

  static String yaml(Policy policy) {
    return new Dump(YAML).dumpToString(tree(policy));
  }

  static Map<String, Object> tree(Policy policy) {
    Map<String, Object> tree = ordered("name", policy.name().value());
    policy.description().ifPresent(text -> tree.put("description", text));
    Lifetime lifetime = policy.lifetime();
    tree.put(
        "lifetime",
        ordered(
            "agent", Durations.print(lifetime.agent()),
            "credential", Durations.print(lifetime.credential())));
    tree.put("launch", Lists.texts(policy.launch()));
    if (!policy.owners().isEmpty()) {
      tree.put("owners", Lists.texts(policy.owners()));
    }
    if (!policy.delegation().equals(Delegation.NONE)) {
      tree.put("delegation", policy.delegation().details());
    }
    tree.put("grants", policy.grants().stream().map(PolicyPrinter::tree).toList());
    return tree;
  }

  static List<Grant> sorted(List<Grant> grants) {
    return grants.stream()
        .distinct()
        .sorted(Comparator.comparing((Grant grant) -> Json.write(tree(grant))))
        .toList();
  }

  private static Map<String, Object> tree(Grant grant) {
    return grant.fold(
        github -> ordered("github", tree(github)),
        aws -> ordered("aws", tree(aws)),
        internal ->
            ordered(
                "internal", ordered("audience", internal.audience(), "scopes", internal.scopes())));
  }

  private static Map<String, Object> tree(GitHubGrant grant) {
    Map<String, Object> tree =
        ordered(
            "account", grant.account(),
            "repositories", grant.repositoryTexts(),
            "permissions", grant.permissions().words());
    return reasoned(tree, grant.iKnow());
  }

  private static Map<String, Object> tree(AwsGrant grant) {
    List<Map<String, Object>> allow =
        grant.allow().stream().map(s -> reasoned(s.details(), s.iKnow())).toList();
    return ordered("role", grant.role(), "allow", allow);
  }

  private static Map<String, Object> reasoned(Map<String, Object> tree, Optional<String> iKnow) {
    iKnow.ifPresent(reason -> tree.put("i-know", reason));
    return tree;
  }

  /** A map in the order of its arguments: key, value, key, value. */
  static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
