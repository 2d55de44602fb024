package dev.writ.broker.authority;

/** What a realm can be the source of. */
public enum SourceKind {
  POLICIES("policies"),
  OWNERS("owners");

  private final String word;

  SourceKind(String word) {
    this.word = word;
  }

  /** As configuration, database and metrics write it. */
  public String word() {
    return word;
  }
}
