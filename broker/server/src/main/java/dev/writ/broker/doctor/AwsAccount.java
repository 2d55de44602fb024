package dev.writ.broker.doctor;

import dev.writ.broker.aws.AwsProbe;
import dev.writ.broker.aws.Trust;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One account: its STS, what it reads of the issuer, and whether its roles trust that. */
final class AwsAccount implements Examination {
  /** Roles that are assumed in one look. */
  private static final int ROLES_MAX = 30;

  private final AwsProbe probe;
  private final IssuerCopy copy;
  private final Supplier<Wishes> wishes;

  AwsAccount(AwsProbe probe, IssuerCopy copy, Supplier<Wishes> wishes) {
    this.probe = probe;
    this.copy = copy;
    this.wishes = wishes;
  }

  @Override
  public Area area() {
    return Area.AWS;
  }

  @Override
  public String subject() {
    return probe.account().isEmpty()
        ? "S3 store at " + probe.sts().getAuthority()
        : "account " + probe.account();
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    List<Finding> findings = new ArrayList<>(new IssuerFindings(probe, copy).look(deadline));
    switch (probe.ahead(deadline)) {
      case Learnt.Unknown<Duration>(Learnt.Cause cause, String why)
          when cause == Learnt.Cause.SILENT ->
          findings.add(
              Finding.fail(
                  area(), subject(), why + ".", Remedies.of(cause, "Look at sts: in writ.yaml.")));
      case Learnt<Duration> _ -> {
        findings.add(Finding.ok(area(), subject(), "STS at " + probe.sts() + " answers."));
        findings.addAll(roles(deadline));
      }
    }
    return findings;
  }

  private List<Finding> roles(Deadline deadline) {
    Map<String, String> roles = new TreeMap<>();
    wishes
        .get()
        .aws()
        .forEach(wish -> {
          if (probe.serves(wish.grant().role())) {
            roles.putIfAbsent(wish.grant().role(), wish.policy());
          }
        });
    List<Map.Entry<String, String>> looked = roles.entrySet().stream().limit(ROLES_MAX).toList();
    List<Finding> findings =
        new ArrayList<>(
            SideBySide.all(
                looked,
                one ->
                    List.of(
                        role(one.getKey(), probe.trust(one.getKey(), one.getValue(), deadline)))));
    if (roles.isEmpty()) {
      findings.add(
          Finding.warn(
              area(),
              subject(),
              "No policy in force names a role of it, so nobody is given anything there.",
              "Grant a role in a policy, or take the account from aws: in writ.yaml."));
    }
    if (looked.size() < roles.size()) {
      findings.add(
          Finding.warn(
              area(),
              subject(),
              (roles.size() - looked.size()) + " roles were left out: too many for one look.",
              "Try them with `writ policy try` and an agent."));
    }
    return findings;
  }

  private Finding role(String role, Trust trust) {
    String print = "`writ doctor --trust " + role + "` prints what is needed.";
    return switch (trust) {
      case Trust.Works(Instant until) ->
          Finding.ok(
              area(),
              role,
              "Its trust works. The session made for that may do nothing, and ends at "
                  + until
                  + ".");
      case Trust.Lacks(List<String> actions) ->
          Finding.fail(
              area(),
              role,
              "Its trust policy does not allow "
                  + String.join(" and ", actions)
                  + ", without which no session of an agent is made.",
              "Add that to its actions: " + print);
      case Trust.Unanswered(String why) ->
          Finding.fail(area(), role, why + ".", "Ask again; the way to STS may be disturbed.");
      case Trust.Refused(Trust.Reason reason, String said) ->
          Finding.fail(
              area(), role, refused(reason) + " (" + said + ").", remedy(reason, role, print));
    };
  }

  private String refused(Trust.Reason reason) {
    return switch (reason) {
      case NO_PROVIDER -> "The account has no identity provider for " + probe.issuer();
      case AUDIENCE -> "The identity provider does not list the audience sts.amazonaws.com";
      case KEYS -> "STS cannot check what " + probe.issuer() + " signs";
      case NOT_ADMITTED ->
          "The role is not there, or it does not trust the identity provider "
              + probe.issuer()
              + " with the audience sts.amazonaws.com and this trust domain's subjects";
      case EXPIRED -> "By STS's clock the broker's token is over";
      case OTHER -> "STS refused";
    };
  }

  private static String remedy(Trust.Reason reason, String role, String print) {
    return switch (reason) {
      case NO_PROVIDER -> "Make one: `writ doctor --terraform " + role + "` prints it.";
      case AUDIENCE -> "Add it to the provider's audiences (client_id_list).";
      case KEYS ->
          "Publish what `writ issuer export DIR` writes, and see what is said of the issuer.";
      case NOT_ADMITTED -> "Compare its trust policy: " + print;
      case EXPIRED -> "See `writ doctor clock`.";
      case OTHER -> "See docs/aws.md.";
    };
  }
}
