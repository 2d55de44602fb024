package dev.writ.policy;

import java.time.Duration;

/**
 * How long a policy lets things live, in whole seconds.
 *
 * @param agent from its launch, or from the last extension
 * @param credential from its issue
 */
public record Lifetime(Duration agent, Duration credential) {}
