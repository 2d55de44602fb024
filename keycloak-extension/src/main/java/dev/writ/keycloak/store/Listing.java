package dev.writ.keycloak.store;

import java.util.List;

/**
 * A page of a realm's policies, by name.
 *
 * @param total of all pages
 */
public record Listing(long total, List<Entry> entries) {
  public Listing {
    entries = List.copyOf(entries);
  }

  /**
   * @param newest with no content
   * @param summary as {@link Summary#json}
   */
  public record Entry(Version newest, String summary) {}
}
