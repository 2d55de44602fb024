package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.token.AccessToken;
import dev.writ.broker.token.AccessTokens;
import dev.writ.broker.token.SignedToken;
import dev.writ.broker.trace.Trace;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.policy.InternalGrant;
import java.time.Clock;

/** Makes the credentials that are made here: access tokens for internal audiences. */
final class Signer {
  private final AccessTokens tokens;
  private final Clock clock;

  Signer(AccessTokens tokens, Clock clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  /** A signed token that nobody may have yet: its text is readable in this package only. */
  static final class Signed {
    private final Grant grant;
    private final SignedToken token;

    private Signed(Grant grant, SignedToken token) {
      this.grant = grant;
      this.token = token;
    }

    Grant grant() {
      return grant;
    }

    SignedToken token() {
      return token;
    }

    @Override
    public String toString() {
      return "Signed[" + grant.writ() + "]";
    }
  }

  /**
   * @param grant of an internal audience
   */
  Signed sign(Grant grant) {
    try (var _ = Trace.step("sign")) {
      return new Signed(grant, tokens.issue(token(grant)));
    }
  }

  private AccessToken token(Grant grant) {
    InternalGrant internal = (InternalGrant) grant.allowed();
    Agent agent = grant.agent();
    return new AccessToken(
        agent.spiffeId(),
        internal.audience(),
        clock.instant(),
        grant.expiresAt(),
        grant.writ().toString(),
        internal.scopes(),
        grant.details(),
        agent.proof().confirmation(),
        grant.policy(),
        agent.record().owner(),
        agent.ancestors().stream().map(one -> ancestor(agent, one)).toList());
  }

  private static SpiffeId ancestor(Agent agent, AgentRecord ancestor) {
    return new SpiffeId(agent.spiffeId().trustDomain(), ancestor.id());
  }
}
