package dev.writ.broker.access;

import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * A configured OpenID provider whose access tokens may call.
 *
 * @param name by which policies and configuration refer to it
 * @param issuer compared whole with {@code iss}
 * @param audience that a token must name
 * @param tls how its certificate is checked; empty for the JVM's trust store
 * @param clients the {@code sub} of clients whose tokens do not carry their own name as {@code sub}
 */
public record OidcLauncher(
    String name,
    String issuer,
    String audience,
    Optional<SSLSocketFactory> tls,
    Map<String, String> clients) {}
