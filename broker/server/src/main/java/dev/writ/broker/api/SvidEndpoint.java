package dev.writ.broker.api;

import dev.writ.broker.agent.Enrolled;
import dev.writ.broker.agent.Enrolling;
import dev.writ.broker.agent.Refused;
import dev.writ.broker.exchange.Agent;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.http.Problem;
import dev.writ.broker.metrics.Unproven;
import dev.writ.broker.trust.Csr;
import dev.writ.document.Document;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code POST /v1/svid}: enrols with a one-time token, renews with the key before. */
final class SvidEndpoint implements Endpoint {
  private static final int CSR_MAX = 16 * 1024;

  private final Enrolling enrolling;
  private final Callers callers;
  private final Strangers strangers;
  private final Supplier<String> bundle;

  /**
   * @param bundle the X.509 trust bundle, PEM
   */
  SvidEndpoint(Enrolling enrolling, Callers callers, Strangers strangers, Supplier<String> bundle) {
    this.enrolling = enrolling;
    this.callers = callers;
    this.strangers = strangers;
    this.bundle = bundle;
  }

  @Override
  public Answer answer(Call call) {
    Parsed<String> pem =
        Document.json(call.body(), Limits.REQUEST)
            .read(root -> root.fields("csr").required("csr").prose(CSR_MAX));
    return switch (pem) {
      case Parsed.Invalid<String> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<String>(String text) ->
          switch (Csr.parse(text)) {
            case Csr.Bad(String reason) -> Problem.invalid(reason);
            case Csr.Ok csr ->
                bearer(call)
                    .map(token -> enrol(call, token, csr))
                    .orElseGet(() -> renew(call, csr));
          };
    };
  }

  private static Optional<String> bearer(Call call) {
    List<String> authorization = call.headers("authorization");
    return authorization.size() == 1
            && authorization.get(0).toLowerCase(Locale.ROOT).startsWith("bearer ")
        ? Optional.of(authorization.get(0).substring("bearer ".length()).strip())
        : Optional.empty();
  }

  private Answer enrol(Call call, String token, Csr.Ok csr) {
    return worded(enrolling.enrol(token, csr), Unproven.ENROLMENT_TOKEN, call);
  }

  private Answer renew(Call call, Csr.Ok csr) {
    return switch (callers.renewing(call)) {
      case Callers.Stranger(Answer answer) -> answer;
      case Callers.Proven(Agent agent, boolean dpop) ->
          worded(
              enrolling.renew(agent.id(), agent.proven().jkt(), csr, dpop), Unproven.RENEWAL, call);
    };
  }

  private Answer worded(Enrolled enrolled, Unproven reason, Call call) {
    if (enrolled instanceof Refused.NotAuthenticated) {
      strangers.turnedAway(reason, call);
    }
    return switch (enrolled) {
      case Refused refused -> Refusals.answer(refused);
      case Enrolled.Svids svids -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("spiffe_id", svids.x509().id().toString());
        body.put("x509_svid", svids.x509().pem());
        body.put("bundle", bundle.get());
        body.put("jwt_svid", svids.jwtSvid());
        body.put("expires_at", svids.expiresAt().toString());
        yield Answer.json(body).secret();
      }
    };
  }
}
