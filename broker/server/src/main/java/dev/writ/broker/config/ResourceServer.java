package dev.writ.broker.config;

import dev.writ.policy.LaunchRule;

/** A workload that may introspect the tokens of one internal audience, its own. */
public record ResourceServer(LaunchRule.By principal, String audience) {}
