package dev.writ.broker.api;

import dev.writ.broker.exchange.Claim;
import dev.writ.broker.exchange.Exchange;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.exchange.TokenRequest;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;

/** {@code POST /token} (RFC 8693). */
final class TokenEndpoint implements Endpoint {
  private final Exchange exchange;
  private final TokenForm form;
  private final TokenAnswers answers;

  TokenEndpoint(Exchange exchange, TokenForm form, TokenAnswers answers) {
    this.exchange = exchange;
    this.form = form;
    this.answers = answers;
  }

  @Override
  public Answer answer(Call call) {
    return switch (form.read(call)) {
      case TokenForm.Malformed(String text) -> answers.of(new Outcome.Malformed(text));
      case TokenForm.Sound(Claim claim, TokenRequest request) ->
          answers.of(exchange.exchange(Callers.credentials(call), claim, request));
    };
  }
}
