package dev.writ.vault;

/**
 * What can be wrong with Vault, or with what is asked of it. docs/keys.md says of each what goes on
 * without it, and for how long.
 */
enum Trouble {
  UNREACHABLE(
      Kind.AWAY,
      "Vault cannot be reached",
      "Check vault.address, the network and whether Vault runs."),
  UNTRUSTED(
      Kind.FINAL,
      "Vault's TLS certificate is not trusted",
      "Set vault.ca to the PEM of the authority that signed it, and vault.address to a name that stands in it."),
  SLOW(
      Kind.AWAY,
      "Vault does not answer within vault.timeout",
      "Look at its load and storage, or raise vault.timeout."),
  SEALED(Kind.AWAY, "Vault is sealed", "Unseal it; the broker goes on by itself."),
  UNINITIALIZED(
      Kind.AWAY, "Vault is not initialized", "Initialize and unseal it, or mend vault.address."),
  LEADERLESS(
      Kind.AWAY,
      "Vault's node is a standby and knows no active one",
      "Wait for the election, or look why there is none."),
  ELSEWHERE(
      Kind.FINAL,
      "Vault points to another address, which the broker does not follow",
      "Set vault.address to one that the active node answers at."),
  BUSY(
      Kind.AWAY,
      "Vault limits the rate of requests",
      "Raise its rate limit quota for the broker's paths."),
  FAULT(Kind.AWAY, "Vault failed", "Look into its log."),
  FORBIDDEN(
      Kind.FINAL,
      "Vault forbids it",
      "Give the broker's role a policy that allows it (docs/keys.md has one)."),
  LOGIN_REFUSED(
      Kind.FINAL,
      "Vault refuses the broker's login",
      "Check vault.login: the role, its secret or token, and that it has not expired."),
  NO_ENGINE(
      Kind.FINAL,
      "Vault has no secrets engine at that path",
      "Mount transit there, or mend the path and vault.namespace."),
  NO_KEY(
      Kind.FINAL,
      "Vault has no such key",
      "Restore it from a backup, or name the key that there is. A new one under the old name is another key."),
  NO_VERSION(
      Kind.FINAL,
      "Vault does not have, or no longer allows, that version of the key",
      "Lower the key's min_decryption_version or min_encryption_version, or name another version."),
  NOT_OPENED(
      Kind.FINAL,
      "Vault cannot decrypt it by that key",
      "Another key wrapped it: use that of this deployment's database."),
  UNSUITABLE(Kind.FINAL, "Vault does not take the request", "Check the key's type and options."),
  UNINTELLIGIBLE(
      Kind.FINAL,
      "What answers is not Vault, or answers too much",
      "Check vault.address; it is given without /v1.");

  private enum Kind {
    /** Passes by itself, and is asked again. */
    AWAY,
    /** Somebody has to do something. */
    FINAL
  }

  private final Kind kind;
  private final String found;
  private final String remedy;

  Trouble(Kind kind, String found, String remedy) {
    this.kind = kind;
    this.found = found;
    this.remedy = remedy;
  }

  /** Whether the same request may go well a moment later. */
  boolean passes() {
    return kind == Kind.AWAY;
  }

  String found() {
    return found;
  }

  String remedy() {
    return remedy;
  }
}
