package dev.writ.broker.exchange;

import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.keys.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** What a target answered to an {@link Intent}. */
public sealed interface Minted {

  /**
   * A credential, already compared with what was asked.
   *
   * @param secret the credential's text
   * @param granted what the target says it holds, at most the intent's grant
   * @param expiresAt its one end, told and recorded: the target's own, or the intent's where it is
   *     ended early
   * @param diesAt its own end at the target
   * @param revocable whether the target can end it before
   * @param accessKeyId of AWS credentials
   */
  record Issued(
      String secret,
      TokenType type,
      dev.writ.policy.Grant granted,
      Instant expiresAt,
      Instant diesAt,
      boolean revocable,
      Optional<String> accessKeyId)
      implements Minted {

    Minter.Held held() {
      return new Minter.Held(secret, diesAt);
    }

    /** Of its text, 32 bytes: what the ledger and targets' logs know it by. */
    byte[] sha256() {
      return Digests.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Issued[secret]";
    }
  }

  /**
   * The target gave more than it was asked for. Nobody gets that.
   *
   * @param what is too much, for the owner and for whoever looks after the target
   */
  record TooWide(Issued issued, String what) implements Minted {}

  /** The target said no. */
  record Refused(String reason) implements Minted {}

  /**
   * The target gives no more for now.
   *
   * @param until when to ask again
   */
  record Exhausted(String reason, Instant until) implements Minted {}

  /** The target cannot be asked now; it certainly gave nothing. */
  record Unavailable(String reason) implements Minted {}

  /** No answer: there may be a credential that nobody has. */
  record Unknown(String reason) implements Minted {}
}
