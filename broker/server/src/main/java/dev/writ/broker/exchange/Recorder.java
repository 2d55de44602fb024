package dev.writ.broker.exchange;

import dev.writ.broker.exchange.Recorded.Opened;
import dev.writ.broker.exchange.Recorded.Rejected;
import dev.writ.broker.exchange.Recorded.Told;
import dev.writ.broker.exchange.Signer.Signed;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.ledger.Verdict;
import dev.writ.broker.token.Confirmation;
import java.util.HexFormat;
import java.util.Map;

/**
 * Puts on record what is about to happen, so that it may: a token that was signed here leaves, a
 * target is asked, a credential is handed out again. What a target answers is recorded by {@link
 * Closer}.
 */
final class Recorder {
  private final LedgerWriter ledger;
  private final OpenIntents open;

  Recorder(LedgerWriter ledger, OpenIntents open) {
    this.ledger = ledger;
    this.open = open;
  }

  /** Lets a token that was signed here leave, once its row is durable. */
  Recorded release(Signed signed) {
    Grant grant = signed.grant();
    Map<String, Object> body = Bodies.of("issue", grant);
    body.put("token_sha256", signed.token().sha256());
    body.put("kid", signed.token().kid());
    byte[] hash = HexFormat.of().parseHex(signed.token().sha256());
    return switch (ledger.append(GrantRows.issue(grant, hash, body))) {
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
    open.add(grant.writ());
    boolean opened = false;
    try {
      Verdict verdict = ledger.append(GrantRows.intent(grant));
      opened = verdict instanceof Verdict.Appended;
      return opened ? new Opened(new Intent(grant)) : new Rejected(verdict);
    } finally {
      if (!opened) {
        open.remove(grant.writ());
      }
    }
  }

  /** Hands out once more what is live: recorded, and judged like the first time. */
  Recorded again(Grant grant, Wallet.Kept kept) {
    return switch (ledger.append(GrantRows.again(grant, kept))) {
      case Verdict.Appended _ -> new Told(outcome(kept.writ(), kept.issued()));
      case Verdict verdict -> new Rejected(verdict);
    };
  }

  static Outcome outcome(java.util.UUID writ, Minted.Issued issued) {
    return new Outcome.Issued(
        writ,
        issued.secret(),
        issued.type(),
        issued.type() == TokenType.AWS_CREDENTIALS ? "N_A" : "Bearer",
        issued.granted(),
        issued.expiresAt());
  }
}
