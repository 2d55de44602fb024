package dev.writ.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The meaning of the language, slow and obvious: authority is the set of all single things that it
 * allows in a tiny world, found by trying each of them. Shares nothing with the code under test but
 * the data it is given.
 */
final class Reference {
  static final List<String> ACCOUNTS = List.of("acme", "evil");
  static final List<String> REPOSITORIES = List.of("a", "b", "c");
  static final List<String> PERMISSIONS = List.of("contents", "issues", "repository_projects");
  static final List<String> ROLES = List.of("arn:aws:iam:::role/one", "arn:aws:iam:::role/two");
  static final List<String> AUDIENCES = List.of("x", "y");
  static final List<String> SCOPES = List.of("s", "t", "u");
  private static final List<String> WORDS = words(2);
  private static final List<String> LONG_WORDS = words(7);
  private static final Map<String, BitSet> LANGUAGES = new HashMap<>();

  private Reference() {}

  /** All texts over a, b and c of at most this length; patterns never spell out the c. */
  private static List<String> words(int lengthMax) {
    List<String> words = new ArrayList<>(List.of(""));
    for (int from = 0, length = 0; length < lengthMax; length++) {
      int to = words.size();
      for (; from < to; from++) {
        for (String c : List.of("a", "b", "c")) {
          words.add(words.get(from) + c);
        }
      }
    }
    return words;
  }

  /** Whether {@code text} is one of those that {@code pattern} stands for. */
  static boolean matches(String pattern, String text) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    char first = pattern.charAt(0);
    if (first == '*') {
      return matches(pattern.substring(1), text)
          || !text.isEmpty() && matches(pattern, text.substring(1));
    }
    return !text.isEmpty()
        && (first == '?' || first == text.charAt(0))
        && matches(pattern.substring(1), text.substring(1));
  }

  /**
   * Whether all texts (up to a length beyond which nothing new happens) of one pattern are the
   * other's, too.
   */
  static boolean includes(String outer, String inner) {
    BitSet missing = (BitSet) language(inner).clone();
    missing.andNot(language(outer));
    return missing.isEmpty();
  }

  private static BitSet language(String pattern) {
    return LANGUAGES.computeIfAbsent(
        pattern,
        p -> {
          BitSet language = new BitSet();
          for (int i = 0; i < LONG_WORDS.size(); i++) {
            language.set(i, matches(p, LONG_WORDS.get(i)));
          }
          return language;
        });
  }

  static Set<String> atoms(List<? extends Grant> grants) {
    Set<String> atoms = new HashSet<>();
    for (Grant grant : grants) {
      if (grant instanceof GitHubGrant gitHub) {
        gitHub(gitHub, atoms);
      } else if (grant instanceof AwsGrant aws) {
        aws(aws, atoms);
      } else if (grant instanceof InternalGrant internal) {
        internal
            .scopes()
            .forEach(scope -> atoms.add("internal " + internal.audience() + " " + scope));
      }
    }
    return atoms;
  }

  private static void gitHub(GitHubGrant grant, Set<String> atoms) {
    for (String name : REPOSITORIES) {
      String repository = grant.account() + "/" + name;
      boolean listed =
          grant.allRepositories()
              || grant.repositories().stream().anyMatch(r -> r.toString().equals(repository));
      for (Map.Entry<String, Level> permission : grant.permissions().levels().entrySet()) {
        for (Level level : Level.values()) {
          if (listed && level.ordinal() <= permission.getValue().ordinal()) {
            atoms.add("github " + repository + " " + permission.getKey() + " " + level);
          }
        }
      }
    }
    if (grant.allRepositories()) {
      grant
          .permissions()
          .levels()
          .forEach((name, level) -> {
            for (Level lower : Level.values()) {
              if (lower.ordinal() <= level.ordinal()) {
                atoms.add("github " + grant.account() + "/<any> " + name + " " + lower);
              }
            }
          });
    }
  }

  private static void aws(AwsGrant grant, Set<String> atoms) {
    for (Statement statement : grant.allow()) {
      for (String action : WORDS) {
        for (String resource : WORDS) {
          for (String context : List.of("xx", "xy", "yx", "yy")) {
            if (any(statement.actions(), "s3:" + action)
                && any(statement.resources(), "arn:aws:s3:::" + resource)
                && holds(statement.conditions(), context)) {
              atoms.add("aws " + grant.role() + " " + action + " " + resource + " " + context);
            }
          }
        }
      }
    }
  }

  private static boolean any(List<AwsPattern> patterns, String text) {
    return patterns.stream().anyMatch(pattern -> matches(pattern.toString(), text));
  }

  /** A context says what two condition keys are in a call. */
  private static boolean holds(Conditions conditions, String context) {
    for (Map<String, List<String>> keys : conditions.tests().values()) {
      for (Map.Entry<String, List<String>> key : keys.entrySet()) {
        int position = key.getKey().equals("aws:one") ? 0 : 1;
        if (!key.getValue().contains(context.substring(position, position + 1))) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Whether each action on each resource asked for lies within one statement's pattern for each.
   */
  static boolean covers(List<Grant> grants, AwsRequest request) {
    for (Statement asked : request.allow().orElseThrow()) {
      for (AwsPattern action : asked.actions()) {
        for (AwsPattern resource : asked.resources()) {
          if (!covers(grants, request.role(), action, resource)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean covers(
      List<Grant> grants, String role, AwsPattern action, AwsPattern resource) {
    return grants.stream()
        .filter(grant -> grant instanceof AwsGrant aws && aws.role().equals(role))
        .flatMap(grant -> ((AwsGrant) grant).allow().stream())
        .anyMatch(statement ->
            within(statement.actions(), action) && within(statement.resources(), resource));
  }

  private static boolean within(List<AwsPattern> granted, AwsPattern asked) {
    return granted.stream().anyMatch(pattern -> includes(tail(pattern), tail(asked)));
  }

  /** All generated patterns have the same beginning. */
  private static String tail(AwsPattern pattern) {
    return pattern.toString().substring(pattern.toString().lastIndexOf(':') + 1);
  }
}
