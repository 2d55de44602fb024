package dev.writ.broker.token;

import dev.writ.broker.trust.SpiffeId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * On whose behalf a role is assumed, as AWS reads it from a token's claims.
 *
 * @param issuer that the account trusts
 * @param id of the one use that the token is made for
 * @param tags of the session, all of them handed on to the next role in a chain; keys and values as
 *     AWS allows them
 */
public record WebIdentity(String issuer, SpiffeId subject, String id, Map<String, String> tags) {
  public WebIdentity {
    tags = Map.copyOf(tags);
  }

  SortedMap<String, String> sortedTags() {
    return new TreeMap<>(tags);
  }

  /** What CloudTrail shows of everything that the session does, for ever: the agent's UUID. */
  String sourceIdentity() {
    return subject.agent().toString();
  }
}
