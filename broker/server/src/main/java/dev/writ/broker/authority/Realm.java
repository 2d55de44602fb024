package dev.writ.broker.authority;

import java.time.Duration;
import java.util.Optional;

/**
 * A Keycloak realm in which policies or owners are administered.
 *
 * @param url without a final slash
 * @param replaces the realm whose place in the database it takes, if that is meant
 * @param maxAge how long its last word counts when it cannot be asked
 */
public record Realm(String url, Optional<String> replaces, Duration maxAge) {}
