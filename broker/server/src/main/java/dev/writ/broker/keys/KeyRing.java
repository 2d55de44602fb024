package dev.writ.broker.keys;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A slot's keys as one node uses them at one instant: immutable, replaced as a whole when the
 * {@link KeySchedule} changes, everything on the hot path made once.
 */
public final class KeyRing {

  private final KeySchedule schedule;
  private final TokenKey signer;
  private final Map<String, VerificationKey> verifiers;
  private final String jwks;

  private KeyRing(KeySchedule schedule, TokenKey signer) {
    this.schedule = schedule;
    this.signer = signer;
    this.verifiers = verifiers(schedule);
    List<JWK> published = new ArrayList<>();
    verifiers.values().forEach(key -> published.add(key.jwk()));
    this.jwks = new JWKSet(published).toString();
  }

  /**
   * @param signer the opened current key
   * @throws KeyException if it is not the schedule's current key
   */
  public static KeyRing of(KeySchedule schedule, TokenKey signer) {
    if (signer.slot() != schedule.slot()
        || !signer.verification().equals(schedule.current().key())) {
      throw new KeyException(
          "%s is not the current key of the slot %s".formatted(signer, schedule.slot().id()));
    }
    return new KeyRing(schedule, signer);
  }

  public KeySlot slot() {
    return schedule.slot();
  }

  public KeySchedule schedule() {
    return schedule;
  }

  /** The current key. */
  public TokenKey signer() {
    return signer;
  }

  /**
   * The key that verifies what names this id: the current one, the next one (another node may have
   * promoted it a moment ago) or a retired one.
   */
  public Optional<VerificationKey> verifier(String kid) {
    return Optional.ofNullable(verifiers.get(kid));
  }

  /** In the order of publication: current, next, retired. */
  public List<VerificationKey> published() {
    return List.copyOf(verifiers.values());
  }

  /** The JWK set (RFC 7517) as JSON, in the same order: some verifiers read only the first key. */
  public String jwks() {
    return jwks;
  }

  @Override
  public String toString() {
    return "KeyRing[" + schedule.slot().id() + " " + verifiers.keySet() + "]";
  }

  private static Map<String, VerificationKey> verifiers(KeySchedule schedule) {
    Map<String, VerificationKey> byKid = new LinkedHashMap<>();
    byKid.put(schedule.current().key().kid(), schedule.current().key());
    schedule.next().ifPresent(next -> byKid.put(next.key().kid(), next.key()));
    schedule.retired().forEach(old -> byKid.put(old.key().kid(), old.key()));
    byKid.keySet().removeAll(schedule.distrusted());
    return byKid;
  }
}
