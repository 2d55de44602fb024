package dev.writ.broker.keycloak;

import dev.writ.broker.keys.Signer;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How to reach a realm.
 *
 * @param url of the realm, the {@code iss} of its tokens; no final slash
 * @param client that reads there
 * @param key of the client, P-256
 * @param tls whom to trust; empty: whom the machine trusts
 */
public record RealmConnection(
    String url,
    String client,
    Signer key,
    Optional<SSLContext> tls,
    Optional<InetSocketAddress> proxy) {}
