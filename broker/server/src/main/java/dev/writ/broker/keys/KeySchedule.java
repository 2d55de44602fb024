package dev.writ.broker.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which key of a slot signs, which one follows, which ones only verify, and since when: a pure
 * value that each step turns into the next one. Every verifier, however it caches, must know a key
 * before it is used, hence {@link Timing#publishAhead()}.
 *
 * @param retired most recently retired first
 * @param distrusted key ids whose tokens are refused from the instant of distrust, for ever
 */
public record KeySchedule(
    KeySlot slot,
    Current current,
    Optional<Successor> next,
    List<Retired> retired,
    Set<String> distrusted) {

  /** The key that signs. */
  public record Current(VerificationKey key, Instant since) {}

  /**
   * The key that will sign, published so that verifiers learn it.
   *
   * @param ordered that somebody asked for it to sign as soon as it may
   */
  public record Successor(VerificationKey key, Instant publishedAt, boolean ordered) {

    /** From when on it may sign. */
    public Instant ripeAt(Timing timing) {
      return publishedAt.plus(timing.publishAhead());
    }
  }

  /** A key that signs no more. It is dropped at {@code until}, when nothing it signed lives. */
  public record Retired(VerificationKey key, Instant until) {}

  /**
   * @param publishAhead how long a successor is published before it signs
   * @param longestToken the longest life of anything the slot's keys sign, clock differences
   *     included
   */
  public record Timing(Duration publishAhead, Duration longestToken) {}

  /** What became of a promotion. */
  public sealed interface Promotion {
    /** The successor signs, the former key is retired. */
    record Promoted(KeySchedule schedule) implements Promotion {}

    /** The successor has not been published long enough. */
    record Unripe(Instant ripeAt) implements Promotion {}

    /** There is none: schedule one first. */
    record NoSuccessor() implements Promotion {}
  }

  /** What became of a distrust. */
  public sealed interface Distrust {
    /** Neither signs nor verifies any more, and cannot come back. */
    record Distrusted(KeySchedule schedule) implements Distrust {}

    /** No key of this slot has that id now. */
    record Unknown() implements Distrust {}

    /** It is the one that signs and nothing is there to take its place. */
    record NeedsReplacement() implements Distrust {}
  }

  public KeySchedule {
    retired = List.copyOf(retired);
    distrusted = Set.copyOf(distrusted);
  }

  /** A slot's first key: nobody can have cached an older set, so it signs at once. */
  public static KeySchedule first(KeySlot slot, VerificationKey key, Instant now) {
    return new KeySchedule(slot, new Current(key, now), Optional.empty(), List.of(), Set.of());
  }

  /**
   * Publishes a successor. One that is already scheduled stays, for verifiers have begun to learn
   * it.
   *
   * @throws IllegalArgumentException if the key is or was in this slot
   */
  public KeySchedule schedule(VerificationKey successor, Instant now) {
    if (next.isPresent()) {
      return this;
    }
    refuseKnown(successor);
    return new KeySchedule(
        slot, current, Optional.of(new Successor(successor, now, false)), retired, distrusted);
  }

  /** Lets the successor sign if it has been published long enough. */
  public Promotion promote(Instant now, Timing timing) {
    if (next.isPresent() && now.isBefore(next.get().ripeAt(timing))) {
      return new Promotion.Unripe(next.get().ripeAt(timing));
    }
    return promoteNow(now, timing);
  }

  /** Skips only the wait: what the former key signed stays valid. */
  public Promotion promoteNow(Instant now, Timing timing) {
    if (next.isEmpty()) {
      return new Promotion.NoSuccessor();
    }
    List<Retired> verifying = new ArrayList<>();
    verifying.add(new Retired(current.key(), now.plus(timing.longestToken())));
    verifying.addAll(retired);
    return new Promotion.Promoted(
        new KeySchedule(
            slot, new Current(next.get().key(), now), Optional.empty(), verifying, distrusted));
  }

  /** Drops the retired keys of which nothing lives any more. */
  public KeySchedule dropSpent(Instant now) {
    List<Retired> living = retired.stream().filter(key -> now.isBefore(key.until())).toList();
    return new KeySchedule(slot, current, next, living, distrusted);
  }

  /**
   * Ends all trust in a key at once: its tokens are refused, whatever their dates.
   *
   * @param replacement signs instead if the key is the current one and no successor stands ready
   */
  public Distrust distrust(String kid, Optional<VerificationKey> replacement, Instant now) {
    Set<String> outcasts = new HashSet<>(distrusted);
    outcasts.add(kid);
    Optional<Successor> following = next.filter(key -> !key.key().kid().equals(kid));
    List<Retired> verifying = retired.stream().filter(key -> !key.key().kid().equals(kid)).toList();
    if (!current.key().kid().equals(kid)) {
      boolean known = following.isEmpty() != next.isEmpty() || verifying.size() != retired.size();
      return known
          ? new Distrust.Distrusted(new KeySchedule(slot, current, following, verifying, outcasts))
          : new Distrust.Unknown();
    }
    Optional<VerificationKey> heir = following.map(Successor::key).or(() -> replacement);
    if (heir.isEmpty()) {
      return new Distrust.NeedsReplacement();
    }
    if (following.isEmpty()) {
      refuseKnown(heir.get());
    }
    return new Distrust.Distrusted(
        new KeySchedule(slot, new Current(heir.get(), now), Optional.empty(), verifying, outcasts));
  }

  private void refuseKnown(VerificationKey key) {
    boolean known =
        current.key().equals(key)
            || distrusted.contains(key.kid())
            || retired.stream().anyMatch(old -> old.key().equals(key));
    if (known) {
      throw new IllegalArgumentException(
          "The key " + key.kid() + " is or was in the slot " + slot.id() + "; generate a new one");
    }
  }
}
