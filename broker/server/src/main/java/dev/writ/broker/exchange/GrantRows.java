package dev.writ.broker.exchange;

import dev.writ.broker.ledger.Row;
import dev.writ.broker.ledger.Row.Credential;
import dev.writ.broker.ledger.Row.Hold;
import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Row.WritState;
import dev.writ.broker.ledger.Uuids;
import dev.writ.document.Json;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ledger's rows about a grant. */
final class GrantRows {
  private GrantRows() {}

  /** A token that was signed here. */
  static Row issue(Grant grant, byte[] hash, Map<String, Object> body) {
    return begin(Kind.ISSUE, grant, body, credential(grant, null, hash));
  }

  /** That the target is about to be asked. */
  static Row intent(Grant grant) {
    Map<String, Object> body = Bodies.of("intent", grant);
    return begin(Kind.INTENT, grant, body, credential(grant, null, null));
  }

  /** That a live credential is handed out once more. */
  static Row again(Grant grant, Wallet.Kept kept) {
    Map<String, Object> body = Bodies.of("again", grant);
    body.put("writ", kept.writ().toString());
    body.put("expires_at", kept.issued().expiresAt().toString());
    return new Row(
        Kind.AGAIN,
        Uuids.next(),
        grant.agent().id(),
        kept.writ(),
        Bodies.bytes(body),
        grant.basis(),
        grant.agent().proof().row(),
        null);
  }

  /** That the target gave what it was asked for. The DPoP proof was used up by the intent. */
  static Row close(Grant grant, Minted.Issued issued, @Nullable Hold hold) {
    byte[] hash = issued.sha256();
    Map<String, Object> body = Bodies.of("close", grant);
    String granted = Grant.details(issued.granted());
    body.put("granted", new Json.Written(granted));
    body.put("expires_at", issued.expiresAt().toString());
    body.put("token_sha256", HexFormat.of().formatHex(hash));
    issued.accessKeyId().ifPresent(key -> body.put("access_key_id", key));
    Credential credential =
        new Credential(
            grant.target(),
            WritState.LIVE,
            granted,
            grant.policy(),
            issued.expiresAt(),
            hash,
            issued.accessKeyId().orElse(null),
            hold);
    return new Row(
        Kind.CLOSE,
        Uuids.next(),
        grant.agent().id(),
        grant.writ(),
        Bodies.bytes(body),
        grant.basis(),
        Row.Proof.ofKey(grant.agent().proof().row().jkt()),
        credential);
  }

  /**
   * That nobody gets what the target gave.
   *
   * @param ending what became of it at the target
   * @param hold what is kept to end it there, unless it has ended
   * @param more members of the row's body
   */
  static Row withheld(
      Grant grant,
      Minted.Issued issued,
      Ending ending,
      @Nullable Hold hold,
      Map<String, String> more) {
    byte[] hash = issued.sha256();
    Map<String, Object> body = Bodies.of("withhold", grant);
    body.putAll(more);
    body.put("withheld", ending.toString());
    body.put("token_sha256", HexFormat.of().formatHex(hash));
    issued.accessKeyId().ifPresent(key -> body.put("access_key_id", key));
    WritState state = ending instanceof Ending.Revoked ? WritState.ENDED : WritState.UNKNOWN;
    Instant end = ending instanceof Ending.DiesAt(Instant at, String _) ? at : grant.expiresAt();
    Credential credential =
        new Credential(
            grant.target(),
            state,
            grant.details(),
            grant.policy(),
            end,
            hash,
            issued.accessKeyId().orElse(null),
            hold);
    return withhold(grant, body, credential);
  }

  /** That the target gave nothing, or that nobody knows. */
  static Row nothing(Grant grant, WritState state, String reason) {
    Map<String, Object> body = Bodies.of("withhold", grant);
    body.put("target", reason);
    return withhold(grant, body, credential(grant, state, null));
  }

  /** Not judged. */
  private static Row withhold(Grant grant, Map<String, Object> body, Credential credential) {
    return new Row(
        Kind.WITHHOLD,
        Uuids.next(),
        grant.agent().id(),
        grant.writ(),
        Bodies.bytes(body),
        Row.Basis.NONE,
        null,
        credential);
  }

  private static Row begin(
      Kind kind, Grant grant, Map<String, Object> body, Credential credential) {
    return new Row(
        kind,
        grant.writ(),
        grant.agent().id(),
        grant.writ(),
        Bodies.bytes(body),
        grant.basis(),
        grant.agent().proof().row(),
        credential);
  }

  private static Credential credential(
      Grant grant, @Nullable WritState state, byte @Nullable [] hash) {
    return new Credential(
        grant.target(),
        state,
        grant.details(),
        grant.policy(),
        grant.expiresAt(),
        hash,
        null,
        null);
  }
}
