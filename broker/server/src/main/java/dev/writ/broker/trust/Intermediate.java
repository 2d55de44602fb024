package dev.writ.broker.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A node's issuing authority of the moment.
 *
 * @param renewAt when the node makes itself a new one
 * @param notAfter end of the certificate
 */
record Intermediate(
    MemoryKey key, X509Certificate certificate, Instant renewAt, Instant notAfter) {}
