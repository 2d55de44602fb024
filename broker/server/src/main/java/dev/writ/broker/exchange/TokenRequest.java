package dev.writ.broker.exchange;

import dev.writ.policy.Asked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is asked for: of an RFC 8693 request, what is left when sender and subject are known.
 *
 * @param asked the target, or why it cannot be read; judged only after the sender is known. Of
 *     several the first is taken that policy allows
 * @param ttl the life that is asked for, at least a second; absent: as long as may be
 * @param type the issued token type that is asked for
 */
public record TokenRequest(List<Asked> asked, Optional<Duration> ttl, Optional<TokenType> type) {

  public TokenRequest {
    asked = List.copyOf(asked);
    if (asked.isEmpty()) {
      throw new IllegalArgumentException("nothing is asked for");
    }
  }

  public TokenRequest(Asked asked, Optional<Duration> ttl, Optional<TokenType> type) {
    this(List.of(asked), ttl, type);
  }

  /** Token type URIs (RFC 8693 section 3 and our own). */
  public enum TokenType {
    ACCESS_TOKEN("urn:ietf:params:oauth:token-type:access_token"),
    AWS_CREDENTIALS("urn:writ:params:oauth:token-type:aws-credentials");

    private final String uri;

    TokenType(String uri) {
      this.uri = uri;
    }

    public String uri() {
      return uri;
    }
  }
}
