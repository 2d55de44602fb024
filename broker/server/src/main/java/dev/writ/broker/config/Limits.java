package dev.writ.broker.config;

import java.time.Duration;

/**
 * The server's own maxima, which no policy exceeds.
 *
 * @param policyMaxAge how long policies that could not be confirmed are still obeyed
 */
public record Limits(
    Duration agentLifetime,
    Duration svidLifetime,
    Duration credentialLifetime,
    int agentsPerLauncher,
    Duration policyMaxAge) {}
