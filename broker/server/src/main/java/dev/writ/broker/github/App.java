package dev.writ.broker.github;

import dev.writ.broker.keys.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A GitHub App.
 *
 * @param accounts where it is installed, in lower case
 */
record App(String id, AppJwt jwt, Set<String> accounts) {
  App {
    accounts = Set.copyOf(accounts);
  }

  boolean serves(String account) {
    return accounts.contains(account);
  }

  /**
   * The App that an agent uses in an account, always the same while the Apps stay: the one whose
   * hash with the agent is the highest (rendezvous hashing). Quotas are per App and account, so
   * several Apps share the load, and one that is added or removed moves few agents.
   */
  static Optional<App> of(List<App> apps, String account, UUID agent) {
    return apps.stream()
        .filter(app -> app.serves(account))
        .max(Comparator.comparing(app -> score(app, agent), Arrays::compareUnsigned));
  }

  private static byte[] score(App app, UUID agent) {
    return Digests.sha256((agent + "/" + app.id).getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "App " + id;
  }
}
