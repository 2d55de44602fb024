package dev.writ.broker.owner;

import dev.writ.broker.watch.FileContent;
import dev.writ.broker.watch.WatchedFile;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * Owners in a watched {@code owners.yaml}. A broken file is said to be so once, and changes
 * nothing.
 */
public final class OwnersFile implements OwnerSource {
  private final WatchedFile file;
  private final Path path;
  private final Clock clock;

  public OwnersFile(Path path, Clock clock) {
    this.path = path;
    this.clock = clock;
    this.file = new WatchedFile(path);
  }

  @Override
  public void start(Listener listener) {
    file.start(content -> tell(listener, content));
  }

  private void tell(Listener listener, FileContent content) {
    switch (content) {
      case FileContent.Text(String text, String sha256) -> read(listener, text, sha256);
      case FileContent.Missing() -> broken(listener, "the file is missing");
      case FileContent.Unreadable(String why) -> broken(listener, why);
    }
  }

  private void read(Listener listener, String text, String sha256) {
    switch (OwnersReader.yaml(text)) {
      case Parsed.Valid<OwnersDefinition>(OwnersDefinition definition) ->
          listener.delivered(new Snapshot(sha256, definition, Set.of(), clock.instant()));
      case Parsed.Invalid<OwnersDefinition>(List<Problem> problems) ->
          listener.broken(path.toString(), problems);
    }
  }

  private void broken(Listener listener, String why) {
    listener.broken(path.toString(), List.of(new Problem("", why)));
  }

  @Override
  public void close() {
    file.close();
  }
}
