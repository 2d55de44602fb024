package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.Authorities;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.exchange.Attenuated.Denied;
import dev.writ.broker.exchange.Attenuated.Local;
import dev.writ.broker.exchange.Attenuated.NotConfigured;
import dev.writ.broker.exchange.Attenuated.Remote;
import dev.writ.broker.exchange.Attenuated.WrongType;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.ledger.Row;
import dev.writ.broker.ledger.Uuids;
import dev.writ.policy.Asked;
import dev.writ.policy.Denial;
import dev.writ.policy.InternalGrant;
import dev.writ.policy.Judgement;
import dev.writ.policy.Rule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Shrinks a request to what policy, ancestors and lives leave of it, or says why nothing is left.
 */
final class Attenuator {
  private final Authorities authorities;
  private final List<Minter> minters;
  private final Duration credentialLifetimeMax;
  private final Clock clock;

  Attenuator(
      Authorities authorities, List<Minter> minters, Duration credentialLifetimeMax, Clock clock) {
    this.authorities = authorities;
    this.minters = List.copyOf(minters);
    this.credentialLifetimeMax = credentialLifetimeMax;
    this.clock = clock;
  }

  Attenuated attenuate(Agent agent, TokenRequest request) {
    return switch (authorities.of(agent.line(), agent.snapshot())) {
      case Authorities.None(Denial denial, String policy) -> new Denied(denial, policy);
      case Authorities.Effective effective ->
          switch (request.asked()) {
            case Asked.Unclear(Denial denial) -> new Denied(denial, effective.own().label());
            case Asked.For(dev.writ.policy.Request target) ->
                judge(agent, request, effective, effective.authority().judge(target));
          };
    };
  }

  private Attenuated judge(
      Agent agent, TokenRequest request, Authorities.Effective effective, Judgement judgement) {
    return switch (judgement) {
      case Judgement.Refused(Denial denial) -> new Denied(denial, effective.own().label());
      case Judgement.Allowed(dev.writ.policy.Grant allowed) ->
          granted(agent, request, effective, allowed);
    };
  }

  private Attenuated granted(
      Agent agent,
      TokenRequest request,
      Authorities.Effective effective,
      dev.writ.policy.Grant allowed) {
    Optional<String> wrong = wrongType(request.type(), allowed);
    if (wrong.isPresent()) {
      return new WrongType(wrong.get());
    }
    Instant now = clock.instant();
    Instant end = end(agent, request, effective, now, allowed instanceof InternalGrant);
    if (!end.isAfter(now)) {
      String hint = "nothing is left of the life of this agent, of an ancestor or of its SVID";
      return new Denied(Authorities.denied(Rule.TTL, hint), effective.own().label());
    }
    return switch (effective.onDuty(now)) {
      case OnDuty.Nobody(String reason) ->
          new Denied(Authorities.denied(Rule.OWNER, reason), effective.own().label());
      case OnDuty.Person person -> {
        Grant grant =
            new Grant(
                Uuids.next(), agent, allowed, effective.own().label(), basis(agent, person), end);
        yield allowed instanceof InternalGrant ? new Local(grant) : remote(grant);
      }
    };
  }

  private Attenuated remote(Grant grant) {
    for (Minter minter : minters) {
      if (minter.serves(grant.allowed())) {
        return new Remote(grant, minter);
      }
    }
    return new NotConfigured(grant.target());
  }

  private static Row.Basis basis(Agent agent, OnDuty.Person person) {
    return new Row.Basis(
        agent.snapshot().sequence(),
        agent.record().revision(),
        "user:" + person.name(),
        person.from(),
        person.until());
  }

  /**
   * The least of request, policies, the server's maximum and the remaining lives, in whole seconds.
   */
  private Instant end(
      Agent agent,
      TokenRequest request,
      Authorities.Effective effective,
      Instant now,
      boolean boundToCertificate) {
    Duration life = effective.credentialLifetime();
    life = least(life, credentialLifetimeMax);
    life = least(life, request.ttl().orElse(life));
    Instant end = now.plus(life);
    for (AgentRecord one : agent.line()) {
      end = earlier(end, one.expiresAt());
    }
    if (boundToCertificate) {
      end = earlier(end, agent.proof().until());
    }
    return end.truncatedTo(ChronoUnit.SECONDS);
  }

  private static Optional<String> wrongType(
      Optional<TokenType> type, dev.writ.policy.Grant allowed) {
    boolean aws = allowed.fold(gitHub -> false, a -> true, internal -> false);
    return type.filter(asked -> asked == TokenType.AWS_CREDENTIALS && !aws)
        .map(asked ->
            "requested_token_type: this target gives " + TokenType.ACCESS_TOKEN.uri() + " only");
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
