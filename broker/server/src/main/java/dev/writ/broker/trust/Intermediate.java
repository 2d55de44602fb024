package dev.writ.broker.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A node's issuing authority of the moment.
 *
 * @param above what leads from its root to the root before it, for those who trust that one only
 * @param renewAt when the node makes itself a new one
 * @param notAfter end of the certificate
 */
record Intermediate(
    MemoryKey key,
    X509Certificate certificate,
    List<X509Certificate> above,
    Instant renewAt,
    Instant notAfter) {
  Intermediate {
    above = List.copyOf(above);
  }

  /** Everything that leads from this leaf to a root, the leaf first. */
  List<X509Certificate> chain(X509Certificate leaf) {
    List<X509Certificate> chain = new ArrayList<>(List.of(leaf, certificate));
    chain.addAll(above);
    return chain;
  }
}
