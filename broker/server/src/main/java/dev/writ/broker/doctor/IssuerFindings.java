package dev.writ.broker.doctor;

import dev.writ.broker.aws.AwsProbe;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an account reads of the issuer that it trusts. */
final class IssuerFindings {
  private static final String PUBLISH =
      "Publish what `writ issuer export DIR` writes at %s, as application/json.";

  private static final Set<String> NEAR = Set.of("localhost", "127.0.0.1", "[::1]");

  private final AwsProbe probe;
  private final IssuerCopy copy;

  IssuerFindings(AwsProbe probe, IssuerCopy copy) {
    this.probe = probe;
    this.copy = copy;
  }

  List<Finding> look(Deadline deadline) {
    URI issuer = copy.issuer();
    if (isAmazons() && !isPublic(issuer)) {
      return List.of(
          fail(
              "AWS reads the issuer over the internet: expected an https URL without a port, got "
                  + issuer
                  + ".",
              "Name a public URL in issuer: of the account, and publish what `writ issuer export DIR` writes there."));
    }
    return switch (copy.read(deadline)) {
      case Learnt.Unknown<IssuerCopy.State>(Learnt.Cause _, String why) ->
          List.of(fail(why + ".", PUBLISH.formatted(issuer)));
      case Learnt.Known<IssuerCopy.State>(IssuerCopy.State state) -> judged(state);
    };
  }

  private boolean isAmazons() {
    return String.valueOf(probe.sts().getHost()).matches(".*\\.amazonaws\\.com(\\.cn)?");
  }

  private static boolean isPublic(URI issuer) {
    return "https".equals(issuer.getScheme())
        && issuer.getPort() == -1
        && !NEAR.contains(issuer.getHost());
  }

  private List<Finding> judged(IssuerCopy.State state) {
    List<Finding> findings = new ArrayList<>();
    if (state.behind()) {
      findings.add(
          fail(
              "The published keys lack "
                  + String.join(", ", state.missing())
                  + ", which signs or will sign for AWS.",
              PUBLISH.formatted(copy.issuer())));
    }
    if (!state.distrusted().isEmpty()) {
      findings.add(
          fail(
              "The published keys have "
                  + String.join(", ", state.distrusted())
                  + ", which is trusted no more.",
              PUBLISH.formatted(copy.issuer()) + " Until then AWS believes whoever has that key."));
    }
    if (!state.behind() && !state.currentFirst() && probe.account().isEmpty()) {
      findings.add(
          Finding.warn(
              Area.AWS,
              subject(),
              "The key that signs is not the first that is published, and some S3 stores read only the first.",
              PUBLISH.formatted(copy.issuer())));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(Area.AWS, subject(), "It publishes the keys that sign for AWS."));
    }
    return findings;
  }

  private Finding fail(String found, String remedy) {
    return Finding.fail(Area.AWS, subject(), found, remedy);
  }

  private String subject() {
    return "issuer " + copy.issuer();
  }
}
