package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.github.GitHubMinter;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.rotation.HeldTokens.Ended;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key of a GitHub App. GitHub makes them, and knows several at once. */
public final class GitHubSlot extends KeptSlot {
  private final String app;
  private final GitHubMinter minter;

  public GitHubSlot(String id, String app, GitHubMinter minter, Parts parts) {
    super(id, parts);
    this.app = app;
    this.minter = minter;
  }

  @Override
  String purpose() {
    return "is GitHub App " + app + " to " + minter.name().substring("github:".length());
  }

  /** As long as its last JWT lives. */
  @Override
  Duration needed() {
    return Duration.ofMinutes(10);
  }

  /** GitHub knows it, or it is refused below. */
  @Override
  Duration publishAhead() {
    return Duration.ZERO;
  }

  @Override
  boolean mayBeMade() {
    return false;
  }

  @Override
  boolean mayGoWithout() {
    return true;
  }

  @Override
  Optional<String> objection(Signer key) {
    return minter
        .objection(app, key)
        .map(text -> "GitHub does not take the new key for App " + app + ". " + text);
  }

  @Override
  Outcome.Done compromised(KeptKey distrusted, String heir) {
    Ended ended = HeldTokens.end(parts.database(), minter.name(), "writ key compromise " + id());
    return new Outcome.Done(
        "compromised",
        heir,
        heir.isEmpty()
            ? "It is not used any more, and the App has no other key: GitHub is not reached through it until it has one."
            : "It is not used any more; another key of the App is. Tokens that are out are being ended.",
        Map.of("distrusted", distrusted.id(), "writs_ended", ended.writs()),
        List.of(
            "Delete the key on the App's page at GitHub (Private keys), now: until then its thief is the App.",
            "Look in GitHub's audit log for tokens of the App that `writ blame` does not know, an hour beyond the"
                + " deletion: each lives that long.",
            "Make another key there if none is left, put it where keys are kept, name it in the configuration."));
  }
}
