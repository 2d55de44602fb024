package dev.writ.policy;

/** What became of the parameters that name a target. */
public sealed interface Asked {

  /** Understood; not judged yet. */
  record For(Request request) implements Asked {}

  /** Not understood: the code is the one that the wire answers with. */
  record Unclear(Denial denial) implements Asked {}
}
