package dev.writ.broker.api;

import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;
import java.util.Map;

/**
 * {@code POST /v1/policies/poll}: whoever knows that a realm's policies or owners changed says so.
 * It is a hint to look now and no more, so it needs no credential, and whatever is sent with it is
 * ignored. Heeded at most once a second; the answer is the same whether it was or not.
 */
final class PollEndpoint implements Endpoint {
  private static final int ACCEPTED = 202;

  private final Runnable hint;

  PollEndpoint(Runnable hint) {
    this.hint = hint;
  }

  @Override
  public Answer answer(Call call) {
    hint.run();
    return new Answer(ACCEPTED, Map.of(), new byte[0]);
  }
}
