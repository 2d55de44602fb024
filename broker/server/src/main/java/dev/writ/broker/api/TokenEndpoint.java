package dev.writ.broker.api;

import dev.writ.broker.exchange.Claim;
import dev.writ.broker.exchange.Exchange;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.exchange.TokenRequest;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.store.DatabaseUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /token} (RFC 8693). */
final class TokenEndpoint implements Endpoint {
  private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);

  private final Exchange exchange;
  private final TokenForm form;
  private final TokenAnswers answers;
  private final Tally tally;

  TokenEndpoint(Exchange exchange, TokenForm form, TokenAnswers answers, Tally tally) {
    this.exchange = exchange;
    this.form = form;
    this.answers = answers;
    this.tally = tally;
  }

  @Override
  public Answer answer(Call call) {
    try {
      Outcome outcome =
          switch (form.read(call)) {
            case TokenForm.Malformed(String text) -> new Outcome.Malformed(text);
            case TokenForm.Sound(Claim claim, TokenRequest request) ->
                exchange.exchange(Callers.credentials(call), claim, request);
          };
      tally.count(outcome, call);
      return answers.of(outcome);
    } catch (LedgerUnavailable | DatabaseUnavailable unavailable) {
      log.warn("No exchange: {}", unavailable.getMessage());
      tally.unavailable();
      return answers.unavailable();
    }
  }
}
