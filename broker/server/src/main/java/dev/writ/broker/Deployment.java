package dev.writ.broker;

import dev.writ.broker.authority.KeyNotes;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.trust.Certificates;
import dev.writ.broker.trust.SvidIssuer;
import dev.writ.broker.trust.TrustDomain;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What all nodes of a deployment share, as the database has it: the issuer, the trust domain and
 * the envelope key.
 */
final class Deployment {
  private Deployment() {}

  private record Stored(String issuer, String trustDomain, String envelopeId) {}

  /**
   * Joins the deployment, which the first node makes.
   *
   * @param embedded a single node may change its issuer
   * @throws IllegalStateException if this node is configured for another deployment; the message
   *     says what to do
   */
  static void join(
      Acts acts, String issuer, TrustDomain domain, Sealer envelope, boolean embedded) {
    acts.act(act -> {
      Optional<Stored> stored =
          act.session()
              .find(
                  "SELECT issuer, trust_domain, envelope_id FROM deployment",
                  row ->
                      new Stored(
                          row.string("issuer"),
                          row.string("trust_domain"),
                          row.string("envelope_id")));
      if (stored.isEmpty()) {
        found(act, issuer, domain, envelope);
      } else {
        join(act, stored.get(), issuer, domain, envelope, embedded);
      }
      return domain;
    });
  }

  private static void found(Act act, String issuer, TrustDomain domain, Sealer envelope)
      throws SQLException {
    act.session()
        .update(
            "INSERT INTO deployment (id, issuer, trust_domain, envelope_id, created_at, envelope_since)"
                + " VALUES (?, ?, ?, ?, ?, ?)",
            UUID.randomUUID(),
            issuer,
            domain.name(),
            envelope.id(),
            act.at(),
            act.at());
    act.record(Note.of("deployment", Map.of("kind", "deployment", "trust_domain", domain.name())));
  }

  private static void join(
      Act act, Stored stored, String issuer, TrustDomain domain, Sealer envelope, boolean embedded)
      throws SQLException {
    demand("trust-domain", stored.trustDomain(), domain.name());
    demand("envelope key (keys.envelope)", stored.envelopeId(), envelope.id());
    if (embedded) {
      act.session().update("UPDATE deployment SET issuer = ?", issuer);
    } else {
      demand("issuer", stored.issuer(), issuer);
    }
  }

  private static void demand(String what, String stored, String own) {
    if (!stored.equals(own)) {
      throw new IllegalStateException(
          "This database belongs to a deployment with another "
              + what
              + ": it has "
              + stored
              + ", this node "
              + own
              + ". Configure this node with the deployment's own (copy its keys), or use another database.");
    }
  }

  /** Puts a node's intermediate on record, so that it can be named and distrusted. */
  static void record(Acts acts, UUID node, SvidIssuer issuer) {
    acts.act(act -> {
      long sequence =
          act.record(KeyNotes.note("intermediate:" + node, "publish", issuer.id(), Map.of()));
      return act.session()
          .update(
              "INSERT INTO intermediate (id, node, certificate, not_after, changed) VALUES (?, ?, ?, ?, ?)",
              issuer.id(),
              node,
              Certificates.pem(List.of(issuer.certificate())),
              issuer.certificate().getNotAfter().toInstant(),
              sequence);
    });
  }
}
