package dev.writ.broker.doctor;

import dev.writ.broker.aws.AwsProbe;
import dev.writ.broker.remote.Deadline;
import dev.writ.policy.AwsGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Whether the roles that policies name have an account, and their grants fit; asks nobody. */
final class AwsRoles implements Examination {
  private final List<AwsProbe> probes;
  private final Supplier<Wishes> wishes;

  AwsRoles(List<AwsProbe> probes, Supplier<Wishes> wishes) {
    this.probes = probes;
    this.wishes = wishes;
  }

  @Override
  public Area area() {
    return Area.AWS;
  }

  @Override
  public String subject() {
    return "configuration";
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    List<Finding> findings = new ArrayList<>();
    List<Wishes.OfAws> now = wishes.get().aws();
    if (now.isEmpty() && probes.isEmpty()) {
      findings.add(
          Finding.ok(Area.AWS, subject(), "No account is configured, and no policy names a role."));
    }
    now.forEach(wish -> {
      String role = wish.grant().role();
      if (probes.stream().noneMatch(probe -> probe.serves(role))) {
        findings.add(
            Finding.warn(
                Area.AWS,
                role,
                "Its account is not configured, so what " + wish.policy() + " grants is refused.",
                "Add the account under aws: in writ.yaml, and start the broker again."));
      }
      int length = wish.grant().sessionPolicy().length();
      if (length > AwsGrant.SESSION_POLICY_LENGTH_MAX) {
        findings.add(
            Finding.warn(
                Area.AWS,
                role,
                "All that %s grants takes a session policy of %d characters, and AWS takes %d: who asks for the whole role is refused."
                    .formatted(wish.policy(), length, AwsGrant.SESSION_POLICY_LENGTH_MAX),
                "Grant fewer or shorter patterns in the policy, or let agents ask for parts."));
      }
    });
    return findings;
  }
}
