package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import dev.writ.document.Fields;
import dev.writ.document.Value;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The sections about targets: GitHub Apps and AWS accounts. */
record TargetSections(List<GitHubApp> github, List<AwsAccount> aws) {
  private static final int ACCOUNTS_MAX = 100;
  private static final URI GITHUB = URI.create("https://" + GitHubApp.PUBLIC_API_HOST);

  /** What AWS itself grants at least and at most (AssumeRoleWithWebIdentity, DurationSeconds). */
  private static final Duration SESSION_MIN = Duration.ofSeconds(900);

  private static final Duration SESSION_MAX = Duration.ofHours(12);

  static TargetSections read(Section root) {
    List<GitHubApp> github = PeopleSections.list(root, "github", TargetSections::app);
    List<AwsAccount> aws = PeopleSections.list(root, "aws", TargetSections::account);
    PeopleSections.refuseDuplicates(
        root, "github", github.stream().map(app -> app.api() + " app " + app.appId()).toList());
    refuseSplit(root, github);
    PeopleSections.refuseDuplicates(root, "aws", aws.stream().map(AwsAccount::account).toList());
    return new TargetSections(github, aws);
  }

  /**
   * A policy names an account without its API, and a token is ended by whatever client its API has:
   * both must be clear.
   */
  private static void refuseSplit(Section root, List<GitHubApp> apps) {
    Map<String, URI> apis = new HashMap<>();
    Map<URI, Optional<Path>> authorities = new HashMap<>();
    for (GitHubApp app : apps) {
      if (!authorities.computeIfAbsent(app.api(), api -> app.ca()).equals(app.ca())) {
        root.problem("github", "the Apps at " + app.api() + " have to name the same ca");
      }
      for (String account : app.accounts()) {
        URI api = apis.computeIfAbsent(account.toLowerCase(Locale.ROOT), name -> app.api());
        if (!api.equals(app.api())) {
          root.problem(
              "github",
              "the account \"%s\" stands at %s and at %s; policies name accounts only, so one is meant"
                  .formatted(account, api, app.api()));
        }
      }
    }
  }

  private static Optional<GitHubApp> app(Value value, Path base) {
    Fields fields = value.fields("api", "app-id", "key", "accounts", "ca");
    Optional<URI> api = Shapes.https(fields.optional("api")).filter(url -> isApi(fields, url));
    Optional<String> id =
        fields
            .required("app-id")
            .parsed("a GitHub App's id in quotes, such as \"12345\"", matching("[1-9][0-9]{0,18}"));
    Optional<List<KeyRef>> keys = Shapes.keys(fields.required("key"), base);
    List<Value> items = fields.required("accounts").items(ACCOUNTS_MAX);
    List<String> accounts =
        items.stream()
            .flatMap(item ->
                item
                    .parsed("a GitHub account's name", matching("[A-Za-z0-9](-?[A-Za-z0-9]){0,38}"))
                    .stream())
            .toList();
    if (fields.has("accounts") && items.isEmpty()) {
      fields.optional("accounts").problem("expected at least one account");
    }
    Optional<Path> ca = Shapes.path(fields.optional("ca"), base);
    return value.whenSound(() ->
        new GitHubApp(api.orElse(GITHUB), id.orElseThrow(), keys.orElseThrow(), accounts, ca));
  }

  private static boolean isApi(Fields fields, URI api) {
    boolean isPublic = api.getHost().equals(GitHubApp.PUBLIC_API_HOST);
    boolean sound = api.getRawPath().equals(isPublic ? "" : "/api/v3");
    if (!sound) {
      fields
          .optional("api")
          .problem(
              "expected https://api.github.com, or https://HOST/api/v3 of a GitHub Enterprise Server");
    }
    return sound;
  }

  private static Optional<AwsAccount> account(Value value, Path base) {
    Fields fields = value.fields("account", "sts", "issuer", "session-min", "ca");
    Optional<String> account = accountId(fields.required("account"));
    Optional<URI> sts = Shapes.httpsOrLoopback(fields.required("sts"));
    Optional<URI> issuer = Shapes.httpsOrLoopback(fields.optional("issuer"));
    Value sessionMin = fields.optional("session-min");
    Duration shortest =
        account.filter(String::isEmpty).isPresent() ? Duration.ofSeconds(1) : SESSION_MIN;
    Optional<Duration> session = sessionMin.duration(shortest, SESSION_MAX);
    Optional<Path> ca = Shapes.path(fields.optional("ca"), base);
    return value.whenSound(() ->
        new AwsAccount(
            account.orElseThrow(), sts.orElseThrow(), issuer, session.orElse(SESSION_MIN), ca));
  }

  private static Optional<String> accountId(Value value) {
    if (value.isEmptyText()) {
      return Optional.of("");
    }
    return value.parsed(
        "an AWS account's twelve digits in quotes, or \"\" for an S3 store without accounts",
        matching("[0-9]{12}"));
  }

  private static Function<String, Optional<String>> matching(String form) {
    return text -> Optional.of(text).filter(candidate -> candidate.matches(form));
  }
}
