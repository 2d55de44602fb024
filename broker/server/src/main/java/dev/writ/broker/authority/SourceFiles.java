package dev.writ.broker.authority;

import dev.writ.broker.owner.OwnerSource;
import dev.writ.broker.owner.OwnersFile;
import dev.writ.broker.watch.FileContent;
import dev.writ.broker.watch.FolderContent;
import dev.writ.broker.watch.WatchedFolder;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports policies and owners from watched files. A broken file keeps its last good version; while
 * one is broken no policy is withdrawn for being missing, for it may be the one that stands in it.
 */
public final class SourceFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SourceFiles.class);

  private static final String AUTHOR = "file";

  private final PolicyBook policyBook;
  private final OwnerBook ownerBook;
  private final Snapshots snapshots;
  private final Bounds bounds;
  private final Map<String, String> broken = new ConcurrentHashMap<>();
  private final List<AutoCloseable> watched = new ArrayList<>();

  public SourceFiles(
      PolicyBook policyBook, OwnerBook ownerBook, Snapshots snapshots, Bounds bounds) {
    this.policyBook = policyBook;
    this.ownerBook = ownerBook;
    this.snapshots = snapshots;
    this.bounds = bounds;
  }

  /**
   * Imports the owners and, on a node of its own, watches their file from now on.
   *
   * @param shared the database has other nodes: files count only while it is empty
   * @param empty nothing was imported yet
   */
  public void owners(Path file, Clock clock, boolean shared, boolean empty) {
    if (ignored(file, shared, empty)) {
      return;
    }
    OwnersFile source = new OwnersFile(file, clock);
    watch(source, shared, () -> source.start(new OwnersListener()));
  }

  /** As {@link #owners}, for the folder of policies. */
  public void policies(Path folder, boolean shared, boolean empty) {
    if (ignored(folder, shared, empty)) {
      return;
    }
    WatchedFolder source = new WatchedFolder(folder, List.of(".yaml", ".yml"));
    watch(source, shared, () -> source.start(content -> imported(folder, content)));
  }

  private static boolean ignored(Path path, boolean shared, boolean empty) {
    if (shared && !empty) {
      log.warn(
          "{} is ignored: the database is shared and has these already; use writ policy apply and writ owner apply",
          path);
    }
    return shared && !empty;
  }

  /** The first import has happened when start returns; a shared database takes no further one. */
  private void watch(AutoCloseable source, boolean shared, Runnable start) {
    watched.add(source);
    start.run();
    if (shared) {
      close();
      watched.clear();
    }
  }

  /** What is broken now, by file: shown by health, empty when all is well. */
  public Map<String, String> broken() {
    return new TreeMap<>(broken);
  }

  @Override
  public void close() {
    for (AutoCloseable one : watched) {
      try {
        one.close();
      } catch (Exception failed) {
        log.warn("A watched file could not be let go", failed);
      }
    }
  }

  private final class OwnersListener implements OwnerSource.Listener {
    @Override
    public boolean delivered(OwnerSource.Snapshot snapshot) {
      OwnerBook.Applied applied =
          ownerBook.apply(snapshot.definition(), AUTHOR, snapshot.version());
      boolean counts =
          switch (applied) {
            case NotTaken.Elsewhere elsewhere ->
                throw new IllegalStateException(elsewhere.advice());
            case OwnerBook.Rejected(List<String> problems) -> {
              say("owners", String.join("; ", problems));
              yield false;
            }
            case OwnerBook.Done done -> {
              broken.remove("owners");
              if (!done.changed().isEmpty() || !done.removed().isEmpty()) {
                log.info("Owners imported: changed {}, removed {}", done.changed(), done.removed());
              }
              yield true;
            }
          };
      snapshots.refresh();
      return counts;
    }

    @Override
    public void broken(String source, List<Problem> problems) {
      say("owners", source + ": " + problems.stream().map(Problem::toString).toList());
    }
  }

  private void imported(Path folder, FolderContent content) {
    switch (content) {
      case FolderContent.Documents(var files) -> {
        broken.remove("policies");
        imported(files);
      }
      case FolderContent.Missing() -> say("policies", folder + " is missing");
      case FolderContent.Unreadable(String why) -> say("policies", why);
    }
  }

  private void imported(Map<String, FileContent> files) {
    Map<String, Policy> policies = new HashMap<>();
    Set<String> bad = new HashSet<>();
    files.forEach((name, content) -> {
      switch (content) {
        case FileContent.Text(String text, String _) -> read(name, text, policies, bad);
        case FileContent.Unreadable(String why) -> bad(name, why, bad);
        case FileContent.Missing() -> {}
      }
    });
    broken.keySet().removeIf(name -> !name.equals("owners") && !bad.contains(name));
    switch (policyBook.apply(List.copyOf(policies.values()), bad.isEmpty(), AUTHOR, "")) {
      case NotTaken.Elsewhere elsewhere -> throw new IllegalStateException(elsewhere.advice());
      case PolicyBook.Done(List<PolicyBook.Applied> all) ->
          all.stream()
              .filter(applied -> applied.change() != PolicyBook.Change.UNCHANGED)
              .forEach(applied ->
                  log.info(
                      "Policy {}@{}: {}", applied.name(), applied.version(), applied.change()));
    }
    snapshots.refresh();
  }

  private void read(String file, String text, Map<String, Policy> policies, Set<String> bad) {
    switch (Policy.yaml(text, bounds)) {
      case Parsed.Invalid<Policy> invalid -> bad(file, invalid.report(), bad);
      case Parsed.Valid<Policy>(Policy policy) -> {
        if (policies.putIfAbsent(policy.name().value(), policy) != null) {
          bad(file, "the policy " + policy.name() + " stands in another file, too", bad);
        }
      }
    }
  }

  private void bad(String file, String why, Set<String> bad) {
    bad.add(file);
    say(file, why);
  }

  private void say(String what, String why) {
    if (!why.equals(broken.put(what, why))) {
      log.error(
          "{} is broken, its last good version, if there is one, stays in force: {}", what, why);
    }
  }
}
