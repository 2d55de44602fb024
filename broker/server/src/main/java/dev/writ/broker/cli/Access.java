package dev.writ.broker.cli;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * How to reach a broker.
 *
 * @param url to dial, without a path
 * @param name that the broker's certificate must bear; not always the host of {@code url}, which
 *     may be the loopback side of a public name
 * @param trusted authorities, or the certificate itself
 * @param token absent only for what a broker tells everybody
 */
record Access(URI url, String name, List<X509Certificate> trusted, Optional<BearerToken> token) {
  Access {
    trusted = List.copyOf(trusted);
  }
}
