package dev.writ.broker.owner;

import java.util.List;

/** What became of a change to a group. */
public sealed interface GroupEdit {
  /** The group as it is now; the very same where nothing changed. */
  record Edited(Group group) implements GroupEdit {}

  /** The change would alter the past; each problem says which override. */
  record Rejected(List<String> problems) implements GroupEdit {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }
}
