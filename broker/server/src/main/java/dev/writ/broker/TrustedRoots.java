package dev.writ.broker;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.authority.KeptKey.State;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.rotation.Custody;
import dev.writ.broker.rotation.RootSlot;
import dev.writ.broker.trust.ClientCertificates;
import dev.writ.broker.trust.Root;
import dev.writ.broker.trust.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The roots of the deployment as this node knows them now, and whom they vouch for. */
final class TrustedRoots {
  private final Snapshots snapshots;
  private final Custody custody;
  private final TrustDomain domain;
  private volatile Clients clients;

  private record Clients(List<X509Certificate> roots, ClientCertificates judge) {}

  TrustedRoots(Snapshots snapshots, Custody custody, TrustDomain domain) {
    this.snapshots = snapshots;
    this.custody = custody;
    this.domain = domain;
    this.clients = judge(certificates());
  }

  /** The one that is used first, then the next, then former ones. */
  List<X509Certificate> certificates() {
    return certificates(snapshots.current());
  }

  private static List<X509Certificate> certificates(Snapshot snapshot) {
    return snapshot.kept(RootSlot.ID).stream()
        .filter(KeptKey::trusted)
        .sorted((one, other) -> Integer.compare(rank(one.state()), rank(other.state())))
        .flatMap(key -> key.certificate().stream())
        .toList();
  }

  private static int rank(State state) {
    return state == State.CURRENT ? 0 : state == State.NEXT ? 1 : 2;
  }

  /** Judges agents' certificates by them. */
  ClientCertificates clients() {
    List<X509Certificate> now = certificates();
    Clients held = clients;
    if (!held.roots().equals(now)) {
      held = judge(now);
      clients = held;
    }
    return held.judge();
  }

  private Clients judge(List<X509Certificate> roots) {
    return new Clients(
        roots,
        new ClientCertificates(
            domain, roots, id -> snapshots.current().distrustedIssuers().contains(id)));
  }

  /**
   * The root that is used.
   *
   * @throws KeyException if this node does not hold its key; it says what to do
   */
  Root used() {
    Snapshot snapshot = snapshots.current();
    KeptKey key = snapshot.kept(RootSlot.ID, State.CURRENT).orElseThrow();
    return Root.load(
        custody.find(RootSlot.ID, key.id()).orElseThrow(() -> new KeyException(missing(key))),
        domain,
        key.certificate().orElseThrow(),
        voucher(snapshot, key));
  }

  private String missing(KeptKey key) {
    return "The deployment uses the root key "
        + key.id()
        + ", and this node has not got it: it has "
        + custody.versions(RootSlot.ID).stream().map(one -> one.id()).toList()
        + ". Have keys.root name the same place on every node (vault:, pkcs11:, or a shared file), or copy the other"
        + " nodes' file; or use another database.";
  }

  /** Of the root before it, as long as that one is trusted. */
  private static Optional<X509Certificate> voucher(Snapshot snapshot, KeptKey key) {
    return key.cross()
        .filter(cross ->
            snapshot.kept(RootSlot.ID).stream()
                .filter(KeptKey::trusted)
                .flatMap(root -> root.certificate().stream())
                .anyMatch(
                    root -> root.getSubjectX500Principal().equals(cross.getIssuerX500Principal())));
  }
}
