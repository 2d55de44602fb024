package dev.writ.broker.cli;

import dev.writ.broker.config.AwsAccount;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import dev.writ.broker.config.GitHubApp;
import dev.writ.broker.config.Launcher;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.Bounds;
import dev.writ.policy.Flag;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Grant;
import dev.writ.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a broker's configuration, where there is one at hand, says about policies. */
final class PolicyContext {
  private static final String PUBLIC_GIT_HOST = "github.com";

  private final Optional<Config> config;

  private PolicyContext(Optional<Config> config) {
    this.config = config;
  }

  /** The configuration that was named, or {@code ./writ.yaml} if it is there, or none. */
  static PolicyContext of(Surroundings surroundings, Optional<Path> configFile) {
    boolean there =
        configFile.isPresent()
            || Files.exists(surroundings.directory().resolve(ConfigReader.DEFAULT_FILE));
    return new PolicyContext(
        there ? Optional.of(new Configs(surroundings).read(configFile)) : Optional.empty());
  }

  Bounds bounds() {
    return config.map(PolicyContext::bounds).orElse(Bounds.DEFAULT);
  }

  private static Bounds bounds(Config config) {
    Set<String> reserved = new HashSet<>();
    reserved.add(config.issuer().toString());
    reserved.add(config.stsIssuer().toString());
    config.aws().forEach(one -> one.issuer().ifPresent(issuer -> reserved.add(issuer.toString())));
    config.launchers().stream().map(Launcher::audience).forEach(reserved::add);
    return new Bounds(
        config.limits().agentLifetime(), config.limits().credentialLifetime(), reserved);
  }

  /** The names of the GitHub servers whose repositories a URL may name. */
  Set<String> gitHosts() {
    Set<String> hosts = new HashSet<>(Set.of(PUBLIC_GIT_HOST));
    config.ifPresent(known -> known.github().stream().map(GitHubApp::gitHost).forEach(hosts::add));
    return hosts;
  }

  /** The policy's own flags and what of it this broker cannot give. */
  List<Flag> flags(Policy policy) {
    return Stream.concat(
            policy.flags().stream(),
            policy.grants().stream().map(this::unconfigured).flatMap(Optional::stream).distinct())
        .toList();
  }

  private Optional<Flag> unconfigured(Grant grant) {
    return config.flatMap(known ->
        grant.<Optional<Flag>>fold(
            gitHub -> unconfigured(known, gitHub),
            aws -> unconfigured(known, aws),
            internal -> Optional.empty()));
  }

  private static Optional<Flag> unconfigured(Config config, GitHubGrant grant) {
    boolean known =
        config.github().stream()
            .flatMap(app -> app.accounts().stream())
            .anyMatch(account -> account.equalsIgnoreCase(grant.account()));
    return known ? Optional.empty() : Optional.of(note("github " + grant.account()));
  }

  private static Optional<Flag> unconfigured(Config config, AwsGrant grant) {
    String[] arn = grant.role().split(":", -1);
    String account = arn.length > 4 ? arn[4] : "";
    boolean known =
        config.aws().stream().map(AwsAccount::account).anyMatch(id -> id.equals(account));
    return known ? Optional.empty() : Optional.of(note("aws " + grant.role()));
  }

  private static Flag note(String target) {
    return new Flag(
        Flag.Severity.NOTE,
        target,
        "is not configured in this broker, so requests for it are refused");
  }
}
