package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentCache;
import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.exchange.Agent.SenderProof;
import dev.writ.broker.exchange.Authentication.Authenticated;
import dev.writ.broker.exchange.Authentication.Unauthenticated;
import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.ledger.Row;
import dev.writ.broker.token.Confirmation;
import dev.writ.broker.token.DpopProofs;
import dev.writ.broker.token.JwtSvids;
import dev.writ.broker.trace.Trace;
import dev.writ.broker.trust.ClientCertificates;
import dev.writ.broker.trust.SpiffeId;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose key a sender holds: mutual TLS with an X.509-SVID, or a DPoP proof with a
 * JWT-SVID. With both, both are checked and must agree.
 */
public final class Authenticator {
  private static final String SUBJECT_TOKEN =
      "The subject token is not a JWT-SVID of this issuer for the key that sent it. Use the newest one, or enrol again.";

  private final Supplier<ClientCertificates> certificates;
  private final JwtSvids svids;
  private final DpopProofs proofs;
  private final AgentCache agents;
  private final Clock clock;

  public Authenticator(
      Supplier<ClientCertificates> certificates,
      JwtSvids svids,
      DpopProofs proofs,
      AgentCache agents,
      Clock clock) {
    this.certificates = certificates;
    this.svids = svids;
    this.proofs = proofs;
    this.agents = agents;
    this.clock = clock;
  }

  /**
   * @param snapshot taken before; what is verified here is verified by keys at least as fresh
   */
  Authentication authenticate(Credentials credentials, Claim claim, Snapshot snapshot) {
    try (var _ = Trace.step("authenticate")) {
      return switch (claim) {
        case Claim.SubjectToken(String text) -> bySubjectToken(credentials, text, snapshot);
        case Claim.Header(Optional<String> token) -> byHeader(credentials, token, snapshot);
      };
    }
  }

  /** A subject token, and a key that must be the token's. */
  private Authentication bySubjectToken(
      Credentials credentials, String subjectToken, Snapshot snapshot) {
    return switch (prove(credentials, Optional.empty())) {
      case Refusal(Unauthenticated refused) -> refused;
      case Shown shown -> bySubjectToken(shown, subjectToken, snapshot);
    };
  }

  /**
   * For the other endpoints: mutual TLS alone, or a JWT-SVID in {@code Authorization: DPoP} with a
   * proof over it.
   *
   * @param token the one in the Authorization header
   */
  public Authentication authenticate(
      Credentials credentials, Optional<String> token, Snapshot snapshot) {
    try (var _ = Trace.step("authenticate")) {
      return byHeader(credentials, token, snapshot);
    }
  }

  private Authentication byHeader(
      Credentials credentials, Optional<String> token, Snapshot snapshot) {
    return switch (prove(credentials, token)) {
      case Refusal(Unauthenticated refused) -> refused;
      case Shown shown when token.isPresent() -> bySubjectToken(shown, token.get(), snapshot);
      case Shown shown when shown.certificate != null ->
          known(shown.certificate.id(), shown, snapshot);
      case Shown shown ->
          new Unauthenticated(
              Why.NO_PROOF, "A DPoP proof needs Authorization: DPoP with the JWT-SVID.");
    };
  }

  private sealed interface Proof {}

  private record Refusal(Unauthenticated refused) implements Proof {}

  private record Shown(
      ClientCertificates.@Nullable Proven certificate, DpopProofs.@Nullable Proven dpop)
      implements Proof {
    String jkt() {
      return certificate != null ? certificate.jkt() : java.util.Objects.requireNonNull(dpop).jkt();
    }
  }

  private Proof prove(Credentials credentials, Optional<String> token) {
    Instant now = clock.instant();
    ClientCertificates.@Nullable Proven certificate = null;
    if (!credentials.certificates().isEmpty()) {
      switch (certificates.get().verify(credentials.certificates(), now)) {
        case ClientCertificates.Proven proven -> certificate = proven;
        case ClientCertificates.Expired expired -> {
          return new Refusal(
              new Unauthenticated(
                  Why.CERTIFICATE_EXPIRED,
                  "The client certificate ended at " + expired.notAfter() + ". Enrol again.",
                  Optional.of(expired.id().agent())));
        }
        case ClientCertificates.Refused refused -> {
          return new Refusal(new Unauthenticated(Why.NO_PROOF, refused.text()));
        }
      }
    }
    return credentials.dpop().isEmpty()
        ? certificateAlone(certificate)
        : withDpop(certificate, credentials, token, now);
  }

  private static Proof certificateAlone(ClientCertificates.@Nullable Proven certificate) {
    return certificate == null
        ? new Refusal(
            new Unauthenticated(
                Why.NO_PROOF,
                "No proof of a key: connect with the X.509-SVID as client certificate, or send a DPoP proof."))
        : new Shown(certificate, null);
  }

  private Proof withDpop(
      ClientCertificates.@Nullable Proven certificate,
      Credentials credentials,
      Optional<String> token,
      Instant now) {
    if (credentials.dpop().size() > 1) {
      return new Refusal(new Unauthenticated(Why.DPOP, "There is more than one DPoP header."));
    }
    var request = new DpopProofs.Request(credentials.method(), credentials.path(), token);
    return switch (proofs.verify(credentials.dpop().get(0), request, now)) {
      case DpopProofs.Invalid(String reason) -> new Refusal(new Unauthenticated(Why.DPOP, reason));
      case DpopProofs.Proven dpop
          when certificate != null && !certificate.jkt().equals(dpop.jkt()) ->
          new Refusal(
              new Unauthenticated(
                  Why.DPOP, "The DPoP proof's key is not the client certificate's."));
      case DpopProofs.Proven dpop -> new Shown(certificate, dpop);
    };
  }

  private Authentication bySubjectToken(Shown shown, String token, Snapshot snapshot) {
    return switch (svids.verify(token, clock.instant())) {
      case JwtSvids.Verified svid when matches(shown, svid.id(), svid.jkt()) ->
          known(svid.id(), shown, snapshot);
      case JwtSvids.Expired svid when matches(shown, svid.id(), svid.jkt()) ->
          new Unauthenticated(
              Why.SUBJECT_TOKEN_EXPIRED,
              "The JWT-SVID ended at " + svid.expiresAt() + ". Renew it, or enrol again.",
              Optional.of(svid.id().agent()));
      case JwtSvids.Verified _, JwtSvids.Expired _, JwtSvids.Invalid _ -> notTheirs();
    };
  }

  private static boolean matches(Shown shown, SpiffeId id, String jkt) {
    return shown.jkt().equals(jkt)
        && (shown.certificate == null || shown.certificate.id().equals(id));
  }

  private Authentication known(SpiffeId id, Shown shown, Snapshot snapshot) {
    Trace.of(id.agent());
    List<AgentRecord> line = agents.line(id.agent());
    return line.isEmpty()
        ? notTheirs()
        : new Authenticated(new Agent(id, line, senderProof(shown), snapshot));
  }

  private static Authentication notTheirs() {
    return new Unauthenticated(Why.SUBJECT_TOKEN, SUBJECT_TOKEN);
  }

  private static SenderProof senderProof(Shown shown) {
    byte[] jkt = SenderProof.thumbprint(shown.jkt());
    if (shown.dpop != null) {
      byte[] jti = HexFormat.of().parseHex(shown.dpop.jtiHash());
      return new SenderProof(
          shown.jkt(),
          new Confirmation.Key(shown.jkt()),
          Instant.MAX,
          new Row.Proof(jkt, jti, shown.dpop.issuedAt()));
    }
    ClientCertificates.Proven certificate = java.util.Objects.requireNonNull(shown.certificate);
    return new SenderProof(
        shown.jkt(),
        new Confirmation.Certificate(certificate.x5tS256()),
        certificate.notAfter(),
        new Row.Proof(jkt, null, null));
  }
}
