package dev.writ.broker.api;

import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.http.Call;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.metrics.Unproven;
import dev.writ.policy.Grant;

/** Counts how exchanges end, in the words that {@link TokenAnswers} tells them in. */
final class Tally {
  private final Metrics metrics;
  private final Strangers strangers;

  Tally(Metrics metrics, Strangers strangers) {
    this.metrics = metrics;
    this.strangers = strangers;
  }

  void count(Outcome outcome, Call call) {
    switch (outcome) {
      case Outcome.Issued issued -> metrics.issued(target(issued.granted()));
      case Outcome.Denied denied ->
          metrics.refused(denied.denial().code().word(), denied.denial().rule().word());
      case Outcome.NotConfigured _ -> metrics.refused("invalid_target", "target_not_configured");
      case Outcome.Malformed _ -> strangers.turnedAway(Unproven.MALFORMED, call);
      case Outcome.Unauthenticated(Why why, String _) -> strangers.turnedAway(of(why), call);
      case Outcome.Ended ended when ended.why().isPresent() ->
          strangers.turnedAway(of(ended.why().get()), call);
      case Outcome.Ended ended -> metrics.refused("invalid_request", ended.reason());
      case Outcome.TargetRefused _ -> metrics.refused("invalid_target", "target_refused");
      case Outcome.Exhausted _ -> metrics.refused("temporarily_unavailable", "target_exhausted");
      case Outcome.Unconfirmed _ ->
          metrics.refused("temporarily_unavailable", "policy_unconfirmed");
      case Outcome.TargetFailed _ -> metrics.refused("temporarily_unavailable", "target");
    }
  }

  /** Nothing could be put on record. */
  void unavailable() {
    metrics.refused("temporarily_unavailable", "ledger");
  }

  static Unproven of(Why why) {
    return switch (why) {
      case NO_PROOF -> Unproven.NO_PROOF;
      case CERTIFICATE_EXPIRED -> Unproven.CERTIFICATE_EXPIRED;
      case DPOP -> Unproven.DPOP;
      case SUBJECT_TOKEN -> Unproven.SUBJECT_TOKEN;
      case SUBJECT_TOKEN_EXPIRED -> Unproven.SUBJECT_TOKEN_EXPIRED;
    };
  }

  private static String target(Grant granted) {
    return granted.fold(gitHub -> "github", aws -> "aws", internal -> "internal");
  }
}
