package dev.writ.broker.wire;

import dev.writ.fixtures.agent.Ask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that can be asked for, as single things, and random policies and narrowings as plain
 * sets of them: slow, and too simple to be wrong. The same seed gives the same ones.
 */
final class TinyWorld {
  private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final List<String> AUDIENCES =
      List.of("https://deploy.internal", "https://wiki.internal");
  private static final List<String> SCOPES = List.of("read", "write", "admin");
  private static final List<String> REPOSITORIES = List.of("acme/api", "acme/web");
  private static final List<String> ACTIONS = List.of("s3:GetObject", "s3:PutObject");
  private static final List<String> OBJECTS = List.of("arn:aws:s3:::b/1", "arn:aws:s3:::b/2");

  /** A thing that can be asked for, by a name of its own. */
  static final Map<String, Ask> THINGS = things();

  private final Random random;

  TinyWorld(long seed) {
    this.random = new Random(seed);
  }

  private static Map<String, Ask> things() {
    Map<String, Ask> things = new TreeMap<>();
    for (String audience : AUDIENCES) {
      SCOPES.forEach(scope -> things.put(audience + " " + scope, Ask.internal(audience, scope)));
    }
    for (String repository : REPOSITORIES) {
      for (String level : List.of("read", "write")) {
        things.put(repository + " " + level, Ask.github(repository, Map.of("contents", level)));
      }
    }
    for (String action : ACTIONS) {
      for (String object : OBJECTS) {
        things.put(action + " " + object, Ask.aws(ROLE, List.of(action), List.of(object)));
      }
    }
    return things;
  }

  /**
   * A grant of a policy, or an entry of a narrowing.
   *
   * @param type its key in a policy, its {@code type} in a narrowing
   * @param members the rest, alike in both
   */
  record Piece(String type, Map<String, Object> members, Set<String> things) {
    Map<String, Object> inPolicy() {
      return Map.of(type, members);
    }

    Map<String, Object> inNarrow() {
      Map<String, Object> all = new LinkedHashMap<>(members);
      all.put("type", type);
      return all;
    }
  }

  static Set<String> things(List<Piece> pieces) {
    return pieces.stream().flatMap(piece -> piece.things().stream()).collect(Collectors.toSet());
  }

  /** A policy as a plain set, with who may be launched under it by whom. */
  record Draft(
      String name, boolean byAgents, int depth, List<String> children, List<Piece> pieces) {
    Map<String, Object> json() {
      return Map.of(
          "name", name,
          "lifetime", Map.of("agent", "4h", "credential", "1h"),
          "launch", byAgents ? List.of("operator", "agent") : List.of("operator"),
          "delegation", Map.of("depth", depth, "policies", children),
          "grants", pieces.stream().map(Piece::inPolicy).toList());
    }

    Set<String> things() {
      return TinyWorld.things(pieces);
    }
  }

  /** Some of the policies of these names, not always all of them. */
  Map<String, Draft> policies(List<String> names) {
    Map<String, Draft> drafts = new TreeMap<>();
    for (String name : names) {
      if (drafts.isEmpty() || random.nextInt(16) > 0) {
        drafts.put(
            name,
            new Draft(
                name,
                random.nextInt(8) > 0,
                1 + random.nextInt(4),
                names.stream().filter(one -> random.nextInt(8) > 0).toList(),
                pieces(4 + random.nextInt(6))));
      }
    }
    return drafts;
  }

  /** None half of the time, and else one that may go beyond what is allowed, or does not. */
  Optional<List<Piece>> narrow(Set<String> allowed) {
    boolean within = random.nextInt(3) > 0;
    List<Piece> pieces =
        pieces(1 + random.nextInt(8)).stream()
            .filter(piece -> !within || allowed.containsAll(piece.things()))
            .toList();
    return random.nextBoolean() || pieces.isEmpty() ? Optional.empty() : Optional.of(pieces);
  }

  /** The newest half of the time, so that families grow deep. */
  <T> T newest(List<T> of) {
    return random.nextBoolean() ? of.getLast() : one(of);
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private List<Piece> pieces(int number) {
    return Stream.generate(this::piece).limit(number).toList();
  }

  private Piece piece() {
    return switch (random.nextInt(3)) {
      case 0 -> internal();
      case 1 -> gitHub();
      default -> aws();
    };
  }

  private Piece internal() {
    String audience = one(AUDIENCES);
    List<String> scopes = some(SCOPES);
    Set<String> things =
        scopes.stream().map(scope -> audience + " " + scope).collect(Collectors.toSet());
    return new Piece("internal", Map.of("audience", audience, "scopes", scopes), things);
  }

  private Piece gitHub() {
    List<String> repositories = some(REPOSITORIES);
    boolean write = random.nextBoolean();
    Set<String> things = new HashSet<>();
    for (String repository : repositories) {
      things.add(repository + " read");
      if (write) {
        things.add(repository + " write");
      }
    }
    Map<String, Object> members =
        Map.of(
            "account",
            "acme",
            "repositories",
            repositories,
            "permissions",
            Map.of("contents", write ? "write" : "read"));
    return new Piece("github", members, things);
  }

  private Piece aws() {
    List<String> actions = some(ACTIONS);
    List<String> objects = some(OBJECTS);
    Set<String> things = new TreeSet<>();
    actions.forEach(action -> objects.forEach(object -> things.add(action + " " + object)));
    Map<String, Object> statement = Map.of("actions", actions, "resources", objects);
    return new Piece("aws", Map.of("role", ROLE, "allow", List.of(statement)), things);
  }

  private List<String> some(List<String> of) {
    List<String> some = new ArrayList<>(of.stream().filter(one -> random.nextBoolean()).toList());
    return some.isEmpty() ? List.of(one(of)) : some;
  }
}
