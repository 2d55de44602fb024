package dev.writ.broker;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.trust.Root;
import dev.writ.broker.trust.ServerCertificateIssuer;
import dev.writ.broker.trust.ServerIdentity;
import dev.writ.broker.trust.ServerKeyManager;
import dev.writ.broker.trust.ServerNames;
import dev.writ.broker.trust.SvidIssuer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a node holds in memory only: the intermediates that it made at its start, and makes anew
 * before they end.
 */
final class NodeIdentity {
  private final Acts acts;
  private final UUID node;
  private final TrustedRoots roots;
  private final Snapshots snapshots;
  private final ServerNames names;
  private final Duration svidLife;
  private final Clock clock;
  private final ServerKeyManager server;
  private final boolean ownServerCertificate;
  private volatile Root root;
  private volatile SvidIssuer svids;
  private @Nullable ServerCertificateIssuer certificates;

  /**
   * @param certificate a server certificate from elsewhere ({@code listen.tls}); else the trust
   *     domain gives one
   * @param key of that certificate
   */
  NodeIdentity(
      Acts acts,
      UUID node,
      TrustedRoots roots,
      Snapshots snapshots,
      ServerNames names,
      Duration svidLife,
      Optional<Path> certificate,
      Optional<KeyRef> key,
      Clock clock) {
    this.acts = acts;
    this.node = node;
    this.roots = roots;
    this.snapshots = snapshots;
    this.root = roots.used();
    this.names = names;
    this.svidLife = svidLife;
    this.clock = clock;
    this.svids = freshIssuer();
    this.ownServerCertificate = certificate.isEmpty();
    this.server =
        new ServerKeyManager(
            certificate.isPresent()
                ? ServerIdentity.load(certificate.get(), key.orElseThrow())
                : freshServer());
  }

  SvidIssuer svids() {
    return svids;
  }

  ServerKeyManager server() {
    return server;
  }

  /** Which root it issues by. */
  String root() {
    return root.id();
  }

  /** When each certificate ends that this node shows or issues under. */
  Map<String, Instant> ends() {
    return Map.of(
        "root", end(root.certificate()),
        "intermediate", end(svids.certificate()),
        "server", end(server.current().chain().get(0)));
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /** Replaces what is due: by its age, by order, or because another root is used. */
  synchronized void upkeep() {
    Instant now = clock.instant();
    Root used = roots.used();
    boolean another = !used.chain().equals(root.chain());
    root = used;
    if (another || !now.isBefore(svids.renewAt()) || isGivenUp(svids.id())) {
      svids = freshIssuer();
    }
    ServerCertificateIssuer own = certificates;
    if (ownServerCertificate
        && own != null
        && (another || !now.isBefore(own.renewAt()) || isGivenUp(own.id()))) {
      server.replace(freshServer());
    }
  }

  private boolean isGivenUp(String intermediate) {
    return snapshots.current().replacedIssuers().contains(intermediate)
        || snapshots.current().distrustedIssuers().contains(intermediate);
  }

  private SvidIssuer freshIssuer() {
    SvidIssuer issuer = root.svidIssuer(clock, svidLife);
    Deployment.record(acts, node, issuer);
    return issuer;
  }

  private ServerIdentity freshServer() {
    ServerCertificateIssuer issuer = root.serverIssuer(clock, names);
    certificates = issuer;
    return issuer.issue();
  }
}
