package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import java.time.Duration;

/**
 * Where the long-lived keys are.
 *
 * @param publishAhead how long a key's successor is published before it signs
 */
public record Keys(KeyRef root, KeyRef envelope, KeyRef checkpoint, Duration publishAhead) {}
