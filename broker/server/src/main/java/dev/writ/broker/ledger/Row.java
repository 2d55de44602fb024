package dev.writ.broker.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way into the ledger.
 *
 * @param kind what it records
 * @param id of the row; with {@link Kind#ISSUE} and {@link Kind#INTENT} also the writ's
 * @param agent whose row it is
 * @param writ the credential it is about; absent for a refusal
 * @param body the JSON object that is hashed into the leaf, UTF-8
 * @param basis what the row was judged by
 * @param proof the key and, with DPoP, the proof that the agent showed; absent where none was
 *     needed
 * @param credential what was or is to be issued; absent for a refusal
 */
public record Row(
    Kind kind,
    UUID id,
    UUID agent,
    @Nullable UUID writ,
    byte[] body,
    Basis basis,
    @Nullable Proof proof,
    @Nullable Credential credential) {

  /**
   * Bytes of a body. The longest that occurs names some hundred repositories twice, at about 100
   * bytes each.
   */
  public static final int BODY_MAX = 256 * 1024;

  /**
   * @throws IllegalArgumentException if parts are missing that a row of this kind is judged by, or
   *     the body is too long
   */
  public Row {
    boolean judged = kind != Kind.REFUSE && kind != Kind.WITHHOLD;
    boolean begins = kind == Kind.ISSUE || kind == Kind.INTENT;
    boolean ends = kind == Kind.CLOSE || kind == Kind.WITHHOLD;
    require(!judged || proof != null, kind, "needs the key that was proven");
    require(kind == Kind.REFUSE || writ != null, kind, "needs a writ");
    require(!begins || id.equals(writ), kind, "begins the writ of its own id");
    require(!begins && !ends || credential != null, kind, "needs a credential");
    require(
        !ends || credential != null && credential.state() != null,
        kind,
        "needs the state that the writ comes to");
    require(
        kind != Kind.WITHHOLD || credential == null || credential.state() != WritState.LIVE,
        kind,
        "makes no writ live");
    require(body.length <= BODY_MAX, kind, "has a body of more than " + BODY_MAX + " bytes");
  }

  private static void require(boolean condition, Kind kind, String text) {
    if (!condition) {
      throw new IllegalArgumentException("A ledger row of kind " + kind.word + " " + text + ".");
    }
  }

  /** See the comment of {@code ledger_append}. */
  public enum Kind {
    /** A credential made here: its writ is live from this row. */
    ISSUE("issue"),
    /** The target is about to be asked. */
    INTENT("intent"),
    /** The target answered, and the agent is judged again. */
    CLOSE("close"),
    /** A live credential handed out once more. */
    AGAIN("again"),
    /** The target answered, but nobody may have it. Not judged. */
    WITHHOLD("withhold"),
    /** Something was refused. Not judged. */
    REFUSE("refuse");

    final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /**
   * The state that the row was judged by. If the database has moved on, the verdict is {@link
   * Verdict.Stale}.
   *
   * @param authority ledger sequence of the last change to policies, owners or keys
   * @param revision of the agent
   * @param accountable the person on duty
   * @param from first instant at which that person is on duty
   * @param until first instant at which that person no longer is
   */
  public record Basis(
      long authority, int revision, String accountable, Instant from, Instant until) {
    /** For rows that are not judged. */
    public static final Basis NONE = new Basis(0, 0, "", Instant.EPOCH, Instant.EPOCH);
  }

  /**
   * @param jkt RFC 7638 SHA-256 thumbprint of the proven key, 32 bytes
   * @param jtiHash SHA-256 of the DPoP proof's key and {@code jti}; absent with mTLS
   * @param issuedAt of the DPoP proof; absent with mTLS
   */
  public record Proof(byte[] jkt, byte @Nullable [] jtiHash, @Nullable Instant issuedAt) {

    /**
     * @throws IllegalArgumentException if only one of the two parts of a DPoP proof is there
     */
    public Proof {
      if ((jtiHash == null) != (issuedAt == null)) {
        throw new IllegalArgumentException("A DPoP proof has both a jti and an iat.");
      }
    }

    /** Proven by mTLS, or by a DPoP proof that was used up by an earlier row. */
    public static Proof ofKey(byte[] jkt) {
      return new Proof(jkt, null, null);
    }

    /** Proven by a DPoP proof, which the row uses up. */
    public static Proof ofDpop(byte[] jkt, byte[] jtiHash, Instant issuedAt) {
      return new Proof(jkt, jtiHash, issuedAt);
    }
  }

  /**
   * @param target github, aws or internal
   * @param state of the writ after a close or withhold; absent otherwise
   * @param grant authorization_details of what is granted, JSON
   * @param policy name@version
   * @param expiresAt end of the credential
   * @param tokenSha256 of the credential's text; absent before it exists
   * @param accessKeyId of AWS credentials only
   * @param hold what is kept to end it at its target; absent where it cannot be ended there
   */
  public record Credential(
      String target,
      @Nullable WritState state,
      String grant,
      String policy,
      Instant expiresAt,
      byte @Nullable [] tokenSha256,
      @Nullable String accessKeyId,
      @Nullable Hold hold) {}

  /**
   * What is kept of a credential to end it at its target.
   *
   * @param minter who can end it
   * @param sealed its text under the envelope key
   * @param due when it is to be ended
   * @param diesAt when it dies of itself
   */
  public record Hold(String minter, byte[] sealed, Instant due, Instant diesAt) {
    @Override
    public String toString() {
      return "Hold[" + minter + " until " + due + "]";
    }
  }

  /** States a row can put a writ into. */
  public enum WritState {
    LIVE("live"),
    REFUSED("refused"),
    UNKNOWN("unknown"),
    ENDED("ended");

    final String word;

    WritState(String word) {
      this.word = word;
    }
  }

  @Override
  public String toString() {
    return "Row[" + kind.word + " " + id + "]";
  }
}
