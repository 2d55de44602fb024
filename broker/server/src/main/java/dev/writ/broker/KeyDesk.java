package dev.writ.broker;

import dev.writ.broker.access.OperatorToken;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.GitHubApp;
import dev.writ.broker.github.GitHubMinter;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.rotation.CheckpointSlot;
import dev.writ.broker.rotation.CurrentSigner;
import dev.writ.broker.rotation.Custody;
import dev.writ.broker.rotation.EnvelopeSlot;
import dev.writ.broker.rotation.GitHubSlot;
import dev.writ.broker.rotation.Holders;
import dev.writ.broker.rotation.IntermediateSlot;
import dev.writ.broker.rotation.KeptSlot;
import dev.writ.broker.rotation.OperatorTokenSlot;
import dev.writ.broker.rotation.RootSlot;
import dev.writ.broker.rotation.SignedWrits;
import dev.writ.broker.rotation.Slot;
import dev.writ.broker.rotation.Slots;
import dev.writ.broker.rotation.TokenSlot;
import dev.writ.broker.store.Database;
import dev.writ.broker.trust.Root;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deployment's keys as this node works with them and looks after them. */
final class KeyDesk implements Slots {
  private static final Logger log = LoggerFactory.getLogger(KeyDesk.class);

  private final Parts parts;
  private final Custody custody;
  private final Holders holders;
  private final List<Slot> signing;
  private final RootSlot root;
  private final EnvelopeSlot envelope;
  private final CheckpointSlot checkpoint;
  private final List<GitHubSlot> apps = new ArrayList<>();
  private final KeyWatch watch;
  private Optional<OperatorTokenSlot> operator = Optional.empty();
  private long envelopeSeen;
  private Runnable follow = () -> {};
  private Supplier<Optional<String>> issuesBy = Optional::empty;

  /** What it works with. */
  record Parts(
      Config config,
      UUID node,
      KeyProviders providers,
      Sealer envelope,
      Database database,
      Acts acts,
      Snapshots snapshots,
      TokenKeys tokenKeys,
      TokenKeys stsKeys,
      Clock clock) {}

  /** Takes the deployment's root and checkpoint key up, or makes them its own as the first node. */
  KeyDesk(Parts parts) {
    this.parts = parts;
    this.watch = new KeyWatch(this, parts.node, parts.clock);
    this.custody = new Custody(parts.providers, places(parts.config), parts.clock);
    this.holders = new Holders(parts.database, parts.node, custody);
    this.root = new RootSlot(kept("root"), parts.config.trustDomain(), this::followAndTell);
    this.checkpoint = new CheckpointSlot(kept("checkpoint"));
    root.found();
    tryTo("take up the checkpoint key", checkpoint::found);
    tell();
    this.signing = List.of(signing(parts.tokenKeys), signing(parts.stsKeys));
    this.envelope = new EnvelopeSlot(envelope());
  }

  private TokenSlot signing(TokenKeys keys) {
    return new TokenSlot(keys, parts.snapshots, parts.acts, new SignedWrits(parts.database));
  }

  private EnvelopeSlot.Parts envelope() {
    return new EnvelopeSlot.Parts(
        parts.providers,
        parts.config.keys().envelope(),
        parts.envelope,
        parts.database,
        parts.acts,
        parts.snapshots,
        List.of(parts.tokenKeys, parts.stsKeys),
        parts.config.keys().rotateAfter("envelope"),
        parts.clock);
  }

  private static Map<String, List<KeyRef>> places(Config config) {
    Map<String, List<KeyRef>> places = new LinkedHashMap<>();
    places.put(RootSlot.ID, config.keys().root());
    places.put(CheckpointSlot.ID, config.keys().checkpoint());
    config.github().forEach(app -> places.put(slot(config, app), app.keys()));
    return places;
  }

  /** Two GitHubs may have Apps of one id. */
  private static String slot(Config config, GitHubApp app) {
    boolean alone =
        config.github().stream().filter(one -> one.appId().equals(app.appId())).count() == 1;
    return "github:" + app.appId() + (alone ? "" : "@" + app.gitHost());
  }

  private KeptSlot.Parts kept(String slot) {
    return new KeptSlot.Parts(
        parts.database,
        parts.acts,
        parts.snapshots,
        custody,
        holders,
        parts.config.keys().publishAhead(),
        parts.config.keys().rotateAfter(slot),
        parts.clock);
  }

  TrustedRoots roots() {
    return new TrustedRoots(parts.snapshots, custody, parts.config.trustDomain());
  }

  /** The key of an App, whichever it is at the moment. */
  Signer signer(GitHubApp app) {
    return new CurrentSigner(slot(parts.config, app), parts.snapshots, custody);
  }

  void apps(List<GitHubMinter> minters) {
    for (GitHubApp app : parts.config.github()) {
      String slot = slot(parts.config, app);
      minters.stream()
          .filter(minter -> minter.name().equals("github:" + app.api().getAuthority()))
          .map(minter -> new GitHubSlot(slot, app.appId(), minter, kept(slot)))
          .findFirst()
          .ifPresent(one -> {
            tryTo("take up the key of " + slot, one::found);
            apps.add(one);
          });
    }
    tell();
  }

  void operator(OperatorToken token) {
    operator =
        Optional.of(
            new OperatorTokenSlot(
                token, parts.acts, parts.config.keys().rotateAfter("operator-token"), parts.clock));
  }

  /**
   * @param follow makes this node issue by the root that is used, and publish those that are
   *     trusted
   * @param issuesBy the root that it issues by
   */
  void follow(Runnable follow, Supplier<String> issuesBy) {
    this.follow = follow;
    this.issuesBy = () -> Optional.of(issuesBy.get());
    tell();
    watch.look();
  }

  /** How the keys are, for Prometheus. */
  KeyWatch watch() {
    return watch;
  }

  private void tell() {
    holders.tell(parts.snapshots.current(), issuesBy.get());
  }

  private void followAndTell() {
    follow.run();
    tell();
  }

  @Override
  public List<Slot> all() {
    List<Slot> all = new ArrayList<>(signing);
    all.add(root);
    all.addAll(intermediates());
    all.add(envelope);
    all.add(checkpoint);
    all.addAll(apps);
    operator.ifPresent(all::add);
    return all;
  }

  private List<Slot> intermediates() {
    return IntermediateSlot.all(
        new IntermediateSlot.Parts(
            parts.database,
            parts.acts,
            parts.snapshots,
            Root.INTERMEDIATE_USE,
            () -> follow.run()));
  }

  /** What comes by the clock, each apart from the others' troubles. */
  void upkeep() {
    tryTo("look for a new version of the envelope key", this::lookAtEnvelope);
    tryTo("follow the root", follow);
    tryTo("tell what keys this node holds", this::tell);
    lookAfter(root);
    lookAfter(checkpoint);
    apps.forEach(this::lookAfter);
    operator.ifPresent(slot -> tryTo("look after the operator token", slot::upkeep));
    watch.look();
  }

  private void lookAfter(KeptSlot slot) {
    tryTo("look after " + slot.id(), slot::upkeep);
  }

  /** Its change is one of those that everybody judges by. */
  private void lookAtEnvelope() {
    long now = parts.snapshots.current().sequence();
    if (now != envelopeSeen) {
      parts.envelope.lookForNewest();
      envelopeSeen = now;
    }
  }

  private static void tryTo(String what, Runnable work) {
    try {
      work.run();
    } catch (KeyException unusable) {
      log.warn("Cannot {}; trying again: {}", what, unusable.getMessage());
    }
  }
}
