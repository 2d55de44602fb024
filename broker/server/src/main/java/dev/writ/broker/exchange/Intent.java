package dev.writ.broker.exchange;

/**
 * Proof that the ledger holds, durably, that the target is about to be asked for this grant. A
 * crash from here on leaves a named intent, never an unknown credential.
 */
public final class Intent {
  private final Grant grant;

  Intent(Grant grant) {
    this.grant = grant;
  }

  public Grant grant() {
    return grant;
  }

  @Override
  public String toString() {
    return "Intent[" + grant.writ() + "]";
  }
}
