package dev.writ.keycloak.store;

import dev.writ.document.Json;
import dev.writ.policy.Flag;
import dev.writ.policy.Grant;
import dev.writ.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a list shows of a policy, and the text that is searched.
 *
 * @param json the members {@code description}, {@code targets} and {@code flags}
 * @param searched lower case: name, description and everything in it that is no keyword
 */
public record Summary(String json, String searched) {

  public static Summary of(Policy policy) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("description", policy.description().orElse(""));
    shown.put("targets", policy.grants().stream().map(Summary::target).distinct().toList());
    shown.put("flags", flags(policy));
    return new Summary(Json.write(shown), searched(policy).toLowerCase(Locale.ROOT));
  }

  private static String target(Grant grant) {
    return grant.fold(gitHub -> "github", aws -> "aws", internal -> "internal");
  }

  /** What whoever looks at the policy should see, each with the number of its grant. */
  public static List<Map<String, Object>> flags(Policy policy) {
    List<Map<String, Object>> all = new ArrayList<>();
    List<List<Flag>> byGrant = policy.flagsByGrant();
    for (int grant = 0; grant < byGrant.size(); grant++) {
      for (Flag flag : byGrant.get(grant)) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("severity", flag.severity() == Flag.Severity.DANGER ? "danger" : "warning");
        shown.put("grant", grant);
        shown.put("message", flag.message());
        all.add(shown);
      }
    }
    return all;
  }

  private static String searched(Policy policy) {
    List<String> words = new ArrayList<>();
    words.add(policy.name().value());
    policy.description().ifPresent(words::add);
    policy.launch().forEach(rule -> words.add(rule.toString()));
    policy.owners().forEach(owner -> words.add(owner.toString()));
    policy.delegation().policies().forEach(child -> words.add(child.value()));
    policy.grants().forEach(grant -> leaves(grant.details(), words));
    return String.join("\n", words);
  }

  private static void leaves(Object value, List<String> words) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> {
        if (member instanceof String text) {
          words.add(key + ": " + text);
        } else {
          leaves(member, words);
        }
      });
    } else if (value instanceof Iterable<?> list) {
      list.forEach(item -> leaves(item, words));
    } else {
      words.add(value.toString());
    }
  }
}
