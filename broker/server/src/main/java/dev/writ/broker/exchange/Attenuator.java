package dev.writ.broker.exchange;

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
import dev.writ.broker.trace.Trace;
import dev.writ.policy.Asked;
import dev.writ.policy.Denial;
import dev.writ.policy.InternalGrant;
import dev.writ.policy.Judgement;
import dev.writ.policy.Rule;
import dev.writ.policy.Term;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shrinks a request to what policy, ancestors and lives leave of it, or says why nothing is left.
 */
final class Attenuator {
  /** Internal tokens end at any whole second. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

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
    try (var _ = Trace.step("attenuate")) {
      return judge(agent, request);
    }
  }

  private Attenuated judge(Agent agent, TokenRequest request) {
    return switch (authorities.of(agent.line(), agent.snapshot())) {
      case Authorities.None(Denial denial, String policy) -> new Denied(denial, policy);
      case Authorities.Effective effective -> firstAllowed(agent, request, effective);
    };
  }

  private Attenuated firstAllowed(
      Agent agent, TokenRequest request, Authorities.Effective effective) {
    String policy = effective.own().label();
    @Nullable Attenuated denied = null;
    for (Asked asked : request.asked()) {
      switch (asked) {
        case Asked.Unclear(Denial denial) -> denied = new Denied(denial, policy);
        case Asked.For(dev.writ.policy.Request target) -> {
          switch (effective.authority().judge(target)) {
            case Judgement.Refused(Denial denial) -> denied = new Denied(denial, policy);
            case Judgement.Allowed(dev.writ.policy.Grant allowed) -> {
              return granted(agent, request, effective, allowed);
            }
          }
        }
      }
    }
    return Objects.requireNonNull(denied);
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
    return switch (effective.onDuty(now)) {
      case OnDuty.Nobody(String reason) ->
          new Denied(Authorities.denied(Rule.OWNER, reason), effective.own().label());
      case OnDuty.Person person -> placed(agent, request, effective, allowed, basis(agent, person));
    };
  }

  private Attenuated placed(
      Agent agent,
      TokenRequest request,
      Authorities.Effective effective,
      dev.writ.policy.Grant allowed,
      Row.Basis basis) {
    String policy = effective.own().label();
    if (allowed instanceof InternalGrant) {
      return switch (term(
          agent, request, effective, SHORTEST, Optional.of(agent.proof().until()))) {
        case Term.TooShort(Denial denial) -> new Denied(denial, policy);
        case Term.For(Duration life) ->
            new Local(grant(agent, request, effective, allowed, basis, life));
      };
    }
    Optional<Minter> minter = minters.stream().filter(one -> one.serves(allowed)).findFirst();
    if (minter.isEmpty()) {
      return new NotConfigured(Grant.target(allowed));
    }
    return switch (term(
        agent, request, effective, minter.get().lifeMin(allowed), Optional.empty())) {
      case Term.TooShort(Denial denial) -> new Denied(denial, policy);
      case Term.For(Duration life) ->
          new Remote(grant(agent, request, effective, allowed, basis, life), minter.get());
    };
  }

  private Grant grant(
      Agent agent,
      TokenRequest request,
      Authorities.Effective effective,
      dev.writ.policy.Grant allowed,
      Row.Basis basis,
      Duration life) {
    Duration most = most(effective);
    return new Grant(
        Uuids.next(),
        agent,
        allowed,
        effective.own().label(),
        basis,
        least(request.ttl().orElse(most), most),
        clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS));
  }

  /** The longest life that policies and server give a credential. */
  private Duration most(Authorities.Effective effective) {
    return least(effective.credentialLifetime(), credentialLifetimeMax);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * The least of request, policies, the server's maximum and the remaining lives.
   *
   * @param boundUntil end of the certificate that the credential is bound to
   */
  private Term term(
      Agent agent,
      TokenRequest request,
      Authorities.Effective effective,
      Duration lifeMin,
      Optional<Instant> boundUntil) {
    Instant now = clock.instant();
    List<Duration> remaining = new ArrayList<>();
    agent.line().forEach(one -> remaining.add(Duration.between(now, one.expiresAt())));
    boundUntil.ifPresent(until -> remaining.add(Duration.between(now, until)));
    return Term.of(request.ttl(), most(effective), remaining, lifeMin);
  }

  private static Row.Basis basis(Agent agent, OnDuty.Person person) {
    return new Row.Basis(
        agent.snapshot().sequence(),
        agent.record().revision(),
        "user:" + person.name(),
        person.from(),
        person.until());
  }

  private static Optional<String> wrongType(
      Optional<TokenType> type, dev.writ.policy.Grant allowed) {
    boolean aws = allowed.fold(gitHub -> false, a -> true, internal -> false);
    return type.filter(asked -> asked == TokenType.AWS_CREDENTIALS && !aws)
        .map(asked ->
            "requested_token_type: this target gives " + TokenType.ACCESS_TOKEN.uri() + " only");
  }
}
