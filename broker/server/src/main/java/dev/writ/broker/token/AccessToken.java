package dev.writ.broker.token;

import dev.writ.broker.trust.SpiffeId;
import java.time.Instant;
import java.util.List;

/**
 * What an access token for an internal audience says (RFC 9068).
 *
 * @param issuedAt and {@code expiresAt} are cut to whole seconds
 * @param jti the writ's id
 * @param scopes in the order of printing; {@code scope} is left out when there are none
 * @param authorizationDetails the granted RFC 9396 details: a JSON array, as text
 * @param policy name and version, {@code operator@7}
 * @param owner who answers for the agent, {@code group:platform}
 * @param lineage ancestors, parent first
 */
public record AccessToken(
    SpiffeId subject,
    String audience,
    Instant issuedAt,
    Instant expiresAt,
    String jti,
    List<String> scopes,
    String authorizationDetails,
    Confirmation confirmation,
    String policy,
    String owner,
    List<SpiffeId> lineage) {

  public AccessToken {
    scopes = List.copyOf(scopes);
    lineage = List.copyOf(lineage);
    if (!issuedAt.isBefore(expiresAt)) {
      throw new IllegalArgumentException("An access token must end after it begins");
    }
  }
}
