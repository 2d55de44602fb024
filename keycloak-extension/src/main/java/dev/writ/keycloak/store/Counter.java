package dev.writ.keycloak.store;

import java.util.Locale;

/** What brokers poll: a number that grows with every change and never goes back. */
public enum Counter {
  POLICIES,
  OWNERS;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
