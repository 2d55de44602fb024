package dev.writ.broker.rotation;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.authority.TokenKeys.Distrusted;
import dev.writ.broker.authority.TokenKeys.Rotation;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.ledger.Acts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slots {@code token} and {@code sts}: keys in the database, made by the broker itself. */
public final class TokenSlot implements Slot {
  private final TokenKeys keys;
  private final Snapshots snapshots;
  private final Acts acts;
  private final SignedWrits writs;

  public TokenSlot(TokenKeys keys, Snapshots snapshots, Acts acts, SignedWrits writs) {
    this.keys = keys;
    this.snapshots = snapshots;
    this.acts = acts;
    this.writs = writs;
  }

  @Override
  public String id() {
    return keys.slot().id();
  }

  private boolean forAgents() {
    return keys.slot() == KeySlot.TOKEN;
  }

  @Override
  public SlotView view() {
    KeySchedule schedule = snapshots.present().keys(keys.slot()).schedule();
    List<SlotView.Version> versions = new ArrayList<>();
    versions.add(version(schedule.current().key().kid(), "current", schedule.current().since()));
    schedule
        .next()
        .ifPresent(next -> versions.add(version(next.key().kid(), "next", next.publishedAt())));
    schedule
        .retired()
        .forEach(old ->
            versions.add(
                new SlotView.Version(
                    old.key().kid(),
                    "retired",
                    old.until().minus(keys.longestToken()),
                    Optional.of(old.until()))));
    return new SlotView(
        id(),
        forAgents() ? "signs access tokens and JWT-SVIDs" : "signs what the broker shows to STS",
        "database, sealed by envelope",
        versions,
        Optional.of(keys.rotateAfter()),
        Optional.of(keys.dueAt(schedule)),
        Optional.empty());
  }

  private static SlotView.Version version(String id, String state, Instant since) {
    return new SlotView.Version(id, state, since, Optional.empty());
  }

  @Override
  public Outcome rotate(boolean now, String by) {
    Outcome outcome =
        switch (keys.rotate(acts, now, by)) {
          case Rotation.Rotated(String kid) ->
              new Outcome.Done(
                  "rotated",
                  kid,
                  "Signs from now on. What the key before it signed stays valid until it ends.",
                  Map.of(),
                  now ? unheardOf() : List.of());
          case Rotation.Scheduled(String kid, Instant at) ->
              new Outcome.Scheduled(
                  kid, at, "It is published, and signs as soon as every verifier can know it.");
        };
    snapshots.refresh();
    return outcome;
  }

  private List<String> unheardOf() {
    return forAgents()
        ? List.of(
            "Resource servers that keep the JWKS and do not look again at an unknown kid refuse new tokens until"
                + " they fetch it.")
        : List.of(
            "Where a copy of the issuer is published elsewhere: writ issuer export DIR, and publish it.");
  }

  @Override
  public Outcome retire(Optional<String> version, String by) {
    KeySchedule schedule = snapshots.present().keys(keys.slot()).schedule();
    return schedule.retired().stream()
        .filter(old -> version.isEmpty() || version.get().equals(old.key().kid()))
        .findFirst()
        .<Outcome>map(old ->
            new Outcome.Scheduled(
                old.key().kid(),
                old.until(),
                "It signs no more, and is published until nothing that it signed lives; then it goes by"
                    + " itself."))
        .orElseGet(() ->
            new Outcome.Refused(
                version.isEmpty()
                    ? "There is no former key to retire: those of this slot go by themselves."
                    : "The slot has no former key with this id."));
  }

  @Override
  public Outcome compromise(Optional<String> version, String reason, String by) {
    Optional<Distrusted> distrusted = keys.distrust(acts, version, reason, by);
    snapshots.refresh();
    return distrusted
        .<Outcome>map(done -> forAgents() ? forgedTokens(done, by) : forgedSessions(done))
        .orElseGet(
            () -> new Outcome.Refused("The slot has no key with this id that is still trusted."));
  }

  private Outcome forgedTokens(Distrusted done, String by) {
    return new Outcome.Done(
        "compromised",
        done.signing(),
        "The broker trusts nothing any more that "
            + done.kid()
            + " signed, and it is out of the JWKS.",
        Map.of("distrusted", done.kid(), "writs_ended", writs.end(done, by)),
        List.of(
            "Have every resource server fetch the JWKS now, or refuse the kid "
                + done.kid()
                + ": one that keeps it takes forged tokens for as long as it keeps it.",
            "Agents renew by their certificates by themselves. Those that can use DPoP only need a new enrolment.",
            "Look for what was forged: calls at resource servers whose token's jti `writ blame` does not know."));
  }

  private Outcome forgedSessions(Distrusted done) {
    return new Outcome.Done(
        "compromised",
        done.signing(),
        done.kid() + " is out of the JWKS that STS reads; the broker signs with another key.",
        Map.of("distrusted", done.kid(), "sessions_alive", writs.sessions(done)),
        List.of(
            "Where a copy of the issuer is published elsewhere: writ issuer export DIR, and publish it at once.",
            "AWS keeps sessions until they end. At each role that trusts this issuer: Revoke active sessions.",
            "Look in CloudTrail for AssumeRoleWithWebIdentity whose session tags name a writ that `writ blame` does"
                + " not know."));
  }
}
