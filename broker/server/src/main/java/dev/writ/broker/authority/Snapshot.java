package dev.writ.broker.authority;

import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySlot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that exchanges are judged by, as of one row of the ledger.
 *
 * @param sequence of the last change to any of it
 * @param policies those in force, by name
 * @param owners users and groups
 * @param realmLaunchers names of the launchers whose people are, if they are enabled, among the
 *     users, for both come from the same realm
 * @param tokenKeys keys of everything that agents carry
 * @param stsKeys keys of the separate issuer that AWS sees
 * @param distrustedIssuers ids of the intermediates that are trusted no more
 * @param replacedIssuers ids of those whose nodes are to make themselves others
 * @param keptKeys keys that are kept elsewhere, by slot
 */
public record Snapshot(
    long sequence,
    Map<String, PolicyVersion> policies,
    OwnerDirectory owners,
    Set<String> realmLaunchers,
    KeyRing tokenKeys,
    KeyRing stsKeys,
    Set<String> distrustedIssuers,
    Set<String> replacedIssuers,
    Map<String, List<KeptKey>> keptKeys) {

  public Snapshot {
    policies = Map.copyOf(policies);
    realmLaunchers = Set.copyOf(realmLaunchers);
    distrustedIssuers = Set.copyOf(distrustedIssuers);
    replacedIssuers = Set.copyOf(replacedIssuers);
    keptKeys = Map.copyOf(keptKeys);
  }

  /** The keys of a slot that are kept elsewhere, newest first. */
  public List<KeptKey> kept(String slot) {
    return keptKeys.getOrDefault(slot, List.of());
  }

  /** The one key of the slot that is in this state: used, or the next. */
  public Optional<KeptKey> kept(String slot, KeptKey.State state) {
    return kept(slot).stream().filter(key -> key.state() == state).findFirst();
  }

  /** The keys of a slot. */
  public KeyRing keys(KeySlot slot) {
    return switch (slot) {
      case TOKEN -> tokenKeys;
      case STS -> stsKeys;
    };
  }

  /** Empty if there is none of the name, or it was withdrawn. */
  public Optional<PolicyVersion> policy(String name) {
    return Optional.ofNullable(policies.get(name));
  }

  /** Who answers for an owner's agents at the instant. */
  public OnDuty accountable(String owner, Instant at) {
    return owners.onDuty(owner, at);
  }

  /**
   * False for a person who was removed from the owners, or who is none of the users of the realm
   * that both come from: whom it disabled before this broker ever heard of them.
   */
  public boolean launcherLives(String launcher) {
    int user = launcher.indexOf("/user:");
    if (user < 0) {
      return true;
    }
    String person = launcher.substring(user + 1);
    return realmLaunchers.contains(launcher.substring(0, user))
        ? owners.lives(person)
        : !owners.removed(person);
  }
}
