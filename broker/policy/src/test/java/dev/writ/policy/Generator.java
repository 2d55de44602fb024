package dev.writ.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Random policies and requests in the reference's tiny world; the same seed gives the same ones.
 */
final class Generator {
  private final Random random;

  Generator(long seed) {
    this.random = new Random(seed);
  }

  Policy policy() {
    return policy(grants());
  }

  Policy policy(List<Grant> grants) {
    Delegation delegation =
        new Delegation(random.nextInt(3), some(List.of(new PolicyName("p"), new PolicyName("q"))));
    return new Policy(
        new PolicyName("p" + random.nextInt(10)),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                pick(
                    List.of(
                        "plain",
                        "two\nlines",
                        "\"q\" 'q' \\ # : - ö",
                        " lead",
                        "7",
                        "true",
                        "null",
                        "~"))),
        new Lifetime(
            Duration.ofSeconds(1 + random.nextInt(86_400)),
            Duration.ofSeconds(1 + random.nextInt(3_600))),
        some(
            List.of(
                new LaunchRule.Operator(),
                new LaunchRule.ParentAgent(),
                LaunchRule.of("k/group:a/b c").orElseThrow(),
                LaunchRule.of("7/user:7").orElseThrow())),
        some(
            List.of(
                Principal.of("user:ada").orElseThrow(), Principal.of("group:a: b").orElseThrow())),
        delegation,
        grants);
  }

  List<Grant> grants() {
    return times(5, this::grant);
  }

  private Grant grant() {
    return switch (random.nextInt(3)) {
      case 0 -> gitHub();
      case 1 -> new AwsGrant(pick(Reference.ROLES), times(3, this::grantedStatement));
      default -> new InternalGrant(pick(Reference.AUDIENCES), some(Reference.SCOPES));
    };
  }

  private GitHubGrant gitHub() {
    String account = pick(Reference.ACCOUNTS);
    boolean all = random.nextInt(4) == 0;
    return new GitHubGrant(
        account,
        all,
        all ? List.of() : repositories(account),
        permissions(),
        all ? Optional.of("because") : Optional.empty());
  }

  private List<Repository> repositories(String account) {
    return some(Reference.REPOSITORIES).stream()
        .map(name -> new Repository(account, name))
        .toList();
  }

  private Permissions permissions() {
    Map<String, Level> levels = new TreeMap<>();
    for (String name : some(Reference.PERMISSIONS)) {
      Level most = name.equals("repository_projects") ? Level.ADMIN : Level.WRITE;
      levels.put(name, Level.values()[random.nextInt(most.ordinal() + 1)]);
    }
    return Permissions.of(levels);
  }

  private Statement grantedStatement() {
    return Statement.of(actions(), resources(), conditions());
  }

  private Statement askedStatement() {
    return Statement.of(atLeastOne(this::actions), atLeastOne(this::resources), Conditions.NONE);
  }

  private List<AwsPattern> actions() {
    return times(3, () -> AwsPattern.action("s3:" + glob(1)).orElseThrow());
  }

  private List<AwsPattern> resources() {
    return times(3, () -> AwsPattern.resource("arn:aws:s3:::" + glob(1)).orElseThrow());
  }

  String glob(int lengthMin) {
    StringBuilder glob = new StringBuilder();
    int length = lengthMin + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      glob.append("aab**?".charAt(random.nextInt(6)));
    }
    return glob.toString();
  }

  private Conditions conditions() {
    Map<String, List<String>> keys = new TreeMap<>();
    for (String key : List.of("aws:one", "aws:two")) {
      if (random.nextInt(3) == 0) {
        keys.put(key, atLeastOne(() -> some(List.of("x", "y"))));
      }
    }
    return new Conditions(Map.of("StringEquals", keys));
  }

  List<Request> requests() {
    return times(4, this::request);
  }

  Request request() {
    boolean detail = random.nextInt(4) > 0;
    return switch (random.nextInt(3)) {
      case 0 -> gitHubRequest(detail);
      case 1 ->
          new AwsRequest(
              pick(Reference.ROLES),
              detail
                  ? Optional.of(atLeastOne(() -> times(2, this::askedStatement)))
                  : Optional.empty());
      default ->
          new InternalRequest(
              pick(Reference.AUDIENCES),
              detail ? Optional.of(atLeastOne(() -> some(Reference.SCOPES))) : Optional.empty());
    };
  }

  private Request gitHubRequest(boolean detail) {
    String account = pick(Reference.ACCOUNTS);
    boolean all = random.nextInt(4) == 0;
    Optional<Permissions> permissions =
        detail ? Optional.of(permissions()).filter(p -> !p.isEmpty()) : Optional.empty();
    return new GitHubRequest(
        Optional.of(account),
        all,
        all ? List.of() : atLeastOne(() -> repositories(account)),
        permissions,
        random.nextBoolean());
  }

  <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  <T> List<T> some(List<? extends T> items) {
    List<T> some = new ArrayList<>(items);
    some.removeIf(item -> random.nextInt(5) < 2);
    return some;
  }

  private <T> List<T> times(int max, Supplier<T> supplier) {
    return IntStream.range(0, random.nextInt(max + 1)).mapToObj(i -> supplier.get()).toList();
  }

  private static <T> List<T> atLeastOne(Supplier<List<T>> supplier) {
    List<T> items = supplier.get();
    while (items.isEmpty()) {
      items = supplier.get();
    }
    return items;
  }
}
