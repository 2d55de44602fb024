package dev.writ.broker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * AWS's STS as far as AssumeRoleWithWebIdentity's trust goes: it reads the token's claims, and
 * refuses with the codes of its API reference and the messages that are seen of it. It checks no
 * signature.
 */
final class AwsSts implements AutoCloseable {
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY";

  private final FakeServer server = FakeServer.http(0, this::answer);
  private final Account account;

  AwsSts(Account account) {
    this.account = account;
  }

  /**
   * How the account is set up.
   *
   * @param provider whether there is an identity provider
   * @param audiences that it lists
   * @param actions of the trust policy
   * @param subjects prefix of those that the trust policy admits
   * @param refusal whatever is asked
   */
  record Account(
      boolean provider,
      Set<String> audiences,
      Set<String> actions,
      String subjects,
      Optional<Refusal> refusal) {
    static Account right() {
      return new Account(
          true,
          Set.of("sts.amazonaws.com"),
          Set.of("sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"),
          "spiffe://writ.test/agent/",
          Optional.empty());
    }

    Account withoutProvider() {
      return new Account(false, audiences, actions, subjects, refusal);
    }

    Account audiences(String... other) {
      return new Account(provider, Set.of(other), actions, subjects, refusal);
    }

    Account actions(String... other) {
      return new Account(provider, audiences, Set.of(other), subjects, refusal);
    }

    Account subjects(String other) {
      return new Account(provider, audiences, actions, other, refusal);
    }

    Account refusing(int status, String code, String message) {
      return new Account(
          provider, audiences, actions, subjects, Optional.of(new Refusal(status, code, message)));
    }
  }

  /** An error of STS. */
  record Refusal(int status, String code, String message) {}

  URI url() {
    return server.url();
  }

  private Answer answer(FakeServer.Request request) {
    if (!request.method().equals("POST")) {
      return new Answer.Whole(302, Map.of("Location", "https://aws.amazon.com/iam"), "");
    }
    Map<String, String> form = AwsStage.form(request.body());
    JsonNode claims = claims(form.getOrDefault("WebIdentityToken", ""));
    return account
        .refusal()
        .or(() -> judge(account, claims))
        .map(AwsSts::error)
        .orElseGet(() -> given(form));
  }

  private static Optional<Refusal> judge(Account account, JsonNode claims) {
    if (!account.provider) {
      return Optional.of(
          new Refusal(
              400,
              "InvalidIdentityToken",
              "No OpenIDConnect provider found in your account for "
                  + claims.path("iss").asText()));
    }
    if (!account.audiences.contains(claims.path("aud").asText())) {
      return Optional.of(new Refusal(400, "InvalidIdentityToken", "Incorrect token audience"));
    }
    boolean admitted =
        account.actions.contains("sts:AssumeRoleWithWebIdentity")
            && claims.path("sub").asText().startsWith(account.subjects)
            && allows(account, claims, "https://aws.amazon.com/tags", "sts:TagSession")
            && allows(
                account, claims, "https://aws.amazon.com/source_identity", "sts:SetSourceIdentity");
    return admitted
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"));
  }

  private static boolean allows(Account account, JsonNode claims, String claim, String action) {
    return !claims.has(claim) || account.actions.contains(action);
  }

  private static JsonNode claims(String token) {
    String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    return AwsStage.json(
        new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
  }

  private static Answer error(Refusal refusal) {
    return xml(
        refusal.status,
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
          <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
        </ErrorResponse>
        """
            .formatted(refusal.code, refusal.message));
  }

  private static Answer given(Map<String, String> form) {
    Instant end =
        Instant.now()
            .plusSeconds(Long.parseLong(form.get("DurationSeconds")))
            .truncatedTo(ChronoUnit.SECONDS);
    String arn =
        String.join(
            "/",
            List.of(
                form.get("RoleArn").replace(":iam:", ":sts:").replace(":role/", ":assumed-role/"),
                form.get("RoleSessionName")));
    return xml(
        200,
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <AssumedRoleUser><Arn>%s</Arn><AssumedRoleId>AROACLKWSDQRAOEXAMPLE:x</AssumedRoleId></AssumedRoleUser>
            <Credentials>
              <SessionToken>c2Vzc2lvbg==</SessionToken>
              <SecretAccessKey>%s</SecretAccessKey>
              <Expiration>%s</Expiration>
              <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
            </Credentials>
          </AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
            .formatted(arn, SECRET, end));
  }

  private static Answer xml(int status, String body) {
    return new Answer.Whole(status, Map.of("Content-Type", "text/xml"), body);
  }

  @Override
  public void close() {
    server.close();
  }
}
