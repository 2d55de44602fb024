package dev.writ.broker.owner;

import dev.writ.policy.Principal;
import java.util.List;
import java.util.Set;

/** What became of a new document. */
public sealed interface OwnersEdit {
  /**
   * The directory as it is now.
   *
   * @param changed new entries and new versions of old ones
   * @param removed entries that the document does not name any more
   */
  record Edited(Owners owners, Set<Principal> changed, Set<Principal> removed)
      implements OwnersEdit {
    public Edited {
      changed = Set.copyOf(changed);
      removed = Set.copyOf(removed);
    }
  }

  /** The document would alter the past, or leave nobody accountable; nothing of it counts. */
  record Rejected(List<String> problems) implements OwnersEdit {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }
}
