package dev.writ.document;

/**
 * How large a document may be.
 *
 * @param characters of the whole text (UTF-16 units)
 * @param depth of nested lists and mappings
 */
public record Limits(int characters, int depth) {
  /** A request's body or parameter: 64 KiB. */
  public static final Limits REQUEST = new Limits(64 * 1024, 32);

  /** A policy, owners or configuration file: 8 MiB. */
  public static final Limits FILE = new Limits(8 * 1024 * 1024, 32);
}
