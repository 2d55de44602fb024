package dev.writ.broker.ledger;

import dev.writ.broker.keys.Digests;
import java.util.UUID;

/**
 * An agent that a test put into the database.
 *
 * @param jkt thumbprint of its newest key
 */
record TestAgent(UUID id, byte[] jkt) {

  /** A thumbprint of nobody. */
  static byte[] otherKey() {
    return Digests.sha256(
        Uuids.next().toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }
}
