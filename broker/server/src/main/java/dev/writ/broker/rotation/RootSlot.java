package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.rotation.SlotRows.Papers;
import dev.writ.broker.trust.Root;
import dev.writ.broker.trust.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The trust domain's X.509 root. */
public final class RootSlot extends KeptSlot {
  public static final String ID = "root";

  private final TrustDomain domain;
  private final Runnable follow;

  /**
   * @param follow makes this node issue by the root that is used, and publish those that are
   *     trusted
   */
  public RootSlot(Parts parts, TrustDomain domain, Runnable follow) {
    super(ID, parts);
    this.domain = domain;
    this.follow = follow;
  }

  @Override
  String purpose() {
    return "root of the agents' and the nodes' certificates";
  }

  /** Until the last intermediate ends that it signed. */
  @Override
  Duration needed() {
    return Root.INTERMEDIATE_LIFE;
  }

  @Override
  Papers papers(Signer key, Optional<KeptKey> current, Instant at) {
    Root root = Root.create(key, domain, at);
    return new Papers(
        Optional.of(root.certificate()),
        current.flatMap(one -> loaded(one)).map(old -> old.vouchFor(root.certificate(), at)));
  }

  private Optional<Root> loaded(KeptKey key) {
    X509Certificate certificate = key.certificate().orElseThrow();
    return parts
        .custody()
        .find(ID, key.id())
        .map(signer -> Root.load(signer, domain, certificate, Optional.empty()));
  }

  @Override
  void follow() {
    follow.run();
  }

  @Override
  Outcome.Done compromised(KeptKey distrusted, String heir) {
    List<String> late = afterAWhile(() -> parts.holders().notIssuingBy(heir));
    List<String> steps = new ArrayList<>();
    if (!late.isEmpty()) {
      steps.add(
          "Give these nodes the root key that is used now, or stop them: "
              + String.join(", ", late));
    }
    steps.addAll(
        List.of(
            "Give every caller and resource server the new bundle.pem at once: they refuse the broker without it, and"
                + " trust forgeries with the old one.",
            "Agents renew by DPoP with their JWT-SVIDs, or need a new enrolment: their certificates are refused.",
            "Delete the key where it is kept."));
    return new Outcome.Done(
        "compromised",
        heir,
        "No certificate that leads to it is trusted here any more; every node has made its own anew.",
        Map.of("distrusted", distrusted.id()),
        steps);
  }
}
