package dev.writ.broker.exchange;

import dev.writ.broker.exchange.Signer.Signed;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.ledger.Row;
import dev.writ.broker.ledger.Row.Credential;
import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Row.WritState;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.ledger.Verdict;
import dev.writ.broker.token.Confirmation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an exchange on record. Nothing secret leaves this class before its row is durable; what
 * cannot be put on record is ended at the target and withheld.
 */
final class Recorder {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  private final LedgerWriter ledger;
  private final OpenIntents open;

  Recorder(LedgerWriter ledger, OpenIntents open) {
    this.ledger = ledger;
    this.open = open;
  }

  /** What became of a row. */
  sealed interface Recorded {}

  /** On record: the outcome may be told. */
  record Told(Outcome outcome) implements Recorded {}

  /** On record: the target may be asked. */
  record Opened(Intent intent) implements Recorded {}

  /** Not on record, and why. */
  record Rejected(Verdict verdict) implements Recorded {}

  /** Lets a token that was signed here leave, once its row is durable. */
  Recorded release(Signed signed) {
    Grant grant = signed.grant();
    byte[] hash = HexFormat.of().parseHex(signed.token().sha256());
    Map<String, Object> body = Bodies.of("issue", grant);
    body.put("token_sha256", signed.token().sha256());
    body.put("kid", signed.token().kid());
    Credential credential = credential(grant, grant.allowed(), grant.expiresAt(), null, hash, null);
    Row row = row(Kind.ISSUE, grant.writ(), grant, body, credential);
    return switch (ledger.append(row)) {
      case Verdict.Appended _ ->
          new Told(
              new Outcome.Issued(
                  grant.writ(),
                  signed.token().text(),
                  TokenType.ACCESS_TOKEN,
                  grant.agent().proof().confirmation() instanceof Confirmation.Key
                      ? "DPoP"
                      : "Bearer",
                  grant.allowed(),
                  grant.expiresAt()));
      case Verdict verdict -> new Rejected(verdict);
    };
  }

  /** Puts on record that the target is about to be asked. */
  Recorded open(Grant grant) {
    Credential credential = credential(grant, grant.allowed(), grant.expiresAt(), null, null, null);
    open.add(grant.writ());
    boolean opened = false;
    try {
      Row row = row(Kind.INTENT, grant.writ(), grant, Bodies.of("intent", grant), credential);
      Verdict verdict = ledger.append(row);
      opened = verdict instanceof Verdict.Appended;
      return opened ? new Opened(new Intent(grant)) : new Rejected(verdict);
    } finally {
      if (!opened) {
        open.remove(grant.writ());
      }
    }
  }

  /** Told by the exchange how a minted credential would be judged now. */
  @FunctionalInterface
  interface Rejudge {
    /** The same grant on a fresh basis; empty if it is no longer allowed. */
    Optional<Grant> again(Grant grant);
  }

  /**
   * Puts on record what the target answered. A credential leaves only if the agent may still have
   * it; otherwise, or if the row cannot be made durable, it is revoked.
   */
  Recorded close(Intent intent, Minted minted, Minter minter, Rejudge rejudge) {
    try {
      return switch (minted) {
        case Minted.Issued issued -> closeIssued(intent.grant(), issued, minter, rejudge);
        case Minted.Refused(String reason) -> failed(intent.grant(), WritState.REFUSED, reason);
        case Minted.Unknown(String reason) -> failed(intent.grant(), WritState.UNKNOWN, reason);
      };
    } finally {
      open.remove(intent.grant().writ());
    }
  }

  private Recorded closeIssued(Grant grant, Minted.Issued issued, Minter minter, Rejudge rejudge) {
    byte[] hash = Digests.sha256(issued.secret().getBytes(StandardCharsets.UTF_8));
    Verdict verdict;
    try {
      verdict = appendClosing(grant, issued, hash, rejudge);
    } catch (LedgerUnavailable unavailable) {
      Ending ending = minter.revoke(issued);
      log.warn("Withheld the credential of writ {}: {}", grant.writ(), ending);
      throw unavailable;
    }
    if (verdict instanceof Verdict.Appended) {
      return new Told(
          new Outcome.Issued(
              grant.writ(),
              issued.secret(),
              issued.type(),
              tokenType(issued),
              issued.granted(),
              issued.expiresAt()));
    }
    withhold(grant, minter.revoke(issued));
    return new Rejected(verdict);
  }

  /** Judged anew as long as what it is judged by changes, but not for ever. */
  private Verdict appendClosing(Grant grant, Minted.Issued issued, byte[] hash, Rejudge rejudge) {
    Verdict verdict = ledger.append(closing(grant, issued, hash));
    for (int attempt = 1;
        attempt < Exchange.ATTEMPTS && verdict instanceof Verdict.Stale;
        attempt++) {
      Optional<Grant> judged = rejudge.again(grant);
      if (judged.isEmpty()) {
        return verdict;
      }
      verdict = ledger.append(closing(judged.get(), issued, hash));
    }
    return verdict;
  }

  private static Row closing(Grant grant, Minted.Issued issued, byte[] hash) {
    Map<String, Object> body = Bodies.of("close", grant);
    body.put("granted", List.of(issued.granted().details()));
    body.put("token_sha256", HexFormat.of().formatHex(hash));
    issued.accessKeyId().ifPresent(key -> body.put("access_key_id", key));
    Credential credential =
        credential(
            grant,
            issued.granted(),
            issued.expiresAt(),
            WritState.LIVE,
            hash,
            issued.accessKeyId().orElse(null));
    // The DPoP proof was used up by the intent.
    Row.Proof key = new Row.Proof(grant.agent().proof().row().jkt(), null, null);
    return new Row(
        Kind.CLOSE,
        Uuids.next(),
        grant.agent().id(),
        grant.writ(),
        Bodies.bytes(body),
        grant.basis(),
        key,
        credential);
  }

  private void withhold(Grant grant, Ending ending) {
    WritState state = ending instanceof Ending.Revoked ? WritState.ENDED : WritState.UNKNOWN;
    unjudged(grant, state, Map.of("withheld", ending.toString()));
  }

  private Recorded failed(Grant grant, WritState state, String reason) {
    unjudged(grant, state, Map.of("target", reason));
    return new Told(new Outcome.TargetFailed(reason));
  }

  private void unjudged(Grant grant, WritState state, Map<String, Object> more) {
    Map<String, Object> body = Bodies.of("withhold", grant);
    body.putAll(more);
    Credential credential =
        credential(grant, grant.allowed(), grant.expiresAt(), state, null, null);
    ledger.append(
        new Row(
            Kind.WITHHOLD,
            Uuids.next(),
            grant.agent().id(),
            grant.writ(),
            Bodies.bytes(body),
            Row.Basis.NONE,
            null,
            credential));
  }

  private static String tokenType(Minted.Issued issued) {
    return issued.type() == TokenType.AWS_CREDENTIALS ? "N_A" : "Bearer";
  }

  private static Row row(
      Kind kind, UUID id, Grant grant, Map<String, Object> body, Credential credential) {
    return new Row(
        kind,
        id,
        grant.agent().id(),
        grant.writ(),
        Bodies.bytes(body),
        grant.basis(),
        grant.agent().proof().row(),
        credential);
  }

  private static Credential credential(
      Grant grant,
      dev.writ.policy.Grant granted,
      Instant expiresAt,
      @Nullable WritState state,
      byte @Nullable [] hash,
      @Nullable String accessKeyId) {
    return new Credential(
        grant.target(),
        state,
        granted.equals(grant.allowed()) ? grant.details() : Grant.details(granted),
        grant.policy(),
        expiresAt,
        hash,
        accessKeyId);
  }
}
