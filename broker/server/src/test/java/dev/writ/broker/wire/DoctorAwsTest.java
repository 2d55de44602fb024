package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.sts.FakeSts;
import dev.writ.fixtures.sts.FakeSts.Account;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the doctor makes of the refusals that AWS documents: an account for each. */
class DoctorAwsTest {
  private static final Account RIGHT = Account.right("writ.test");

  /** How an account is set up, and what is said of its role. */
  private record Case(Account account, String... said) {}

  private static final List<Case> CASES =
      List.of(
          new Case(RIGHT, "Its trust works"),
          new Case(
              RIGHT.withoutProvider(),
              "The account has no identity provider for http://localhost:",
              "-> Make one: `writ doctor --terraform " + role(1)),
          new Case(
              RIGHT.audiences("sigstore"),
              "does not list the audience sts.amazonaws.com",
              "-> Add it to the provider's audiences"),
          new Case(
              RIGHT.subjects("spiffe://elsewhere/agent/"),
              "does not trust the identity provider",
              "-> Compare its trust policy: `writ doctor --trust " + role(3)),
          new Case(
              RIGHT.actions("sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity"),
              "does not allow sts:TagSession, without"),
          new Case(
              RIGHT.actions("sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
              "does not allow sts:SetSourceIdentity, without"),
          new Case(
              RIGHT.actions("sts:AssumeRoleWithWebIdentity"),
              "does not allow sts:TagSession and sts:SetSourceIdentity, without"),
          new Case(
              RIGHT.refusing(
                  400,
                  "InvalidIdentityToken",
                  "Couldn't retrieve verification key from your identity provider"),
              "STS cannot check what",
              "-> Publish what `writ issuer export DIR`"),
          new Case(
              RIGHT.refusing(400, "ExpiredTokenException", "Token expired: current date/time 1"),
              "the broker's token is over",
              "-> See `writ doctor clock`"),
          new Case(
              RIGHT.refusing(403, "RegionDisabledException", "STS is not activated"),
              "STS refused (403 RegionDisabledException"));

  private static final List<FakeSts> STS =
      CASES.stream().map(one -> new FakeSts(one.account())).toList();
  private static final FakeServer SITE = FakeServer.http(0, DoctorAwsTest::publish);

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "operator",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
              """
                  + IntStream.range(0, CASES.size())
                      .mapToObj(DoctorAwsTest::grant)
                      .collect(Collectors.joining()))
          .settings(() ->
              Stream.concat(
                      Stream.of("aws:\n", account("999999999999", "http://127.0.0.1:9")),
                      IntStream.range(0, CASES.size())
                          .mapToObj(i -> account(number(i), STS.get(i).url().toString())))
                  .collect(Collectors.joining()));

  private static String number(int i) {
    return "%012d".formatted(100 + i);
  }

  private static String role(int i) {
    return "arn:aws:iam::" + number(i) + ":role/agents";
  }

  private static String grant(int i) {
    return "  - aws: { role: \"%s\", allow: [ { actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::work/*\" ] } ] }\n"
        .formatted(role(i));
  }

  private static String account(String number, String sts) {
    return "  - { account: \"%s\", sts: \"%s\", issuer: \"%s/sts\" }\n"
        .formatted(number, sts, SITE.url());
  }

  private static Answer publish(FakeServer.Request request) {
    Reply reply = BROKER.anybody().get(URI.create(BROKER.url() + request.path()));
    return Answer.json(
        reply.status(), reply.body().replace(BROKER.url().toString(), SITE.url().toString()));
  }

  @AfterAll
  static void stops() {
    STS.forEach(FakeSts::close);
    SITE.close();
  }

  @Test
  void each_documented_refusal_says_what_to_do() throws InterruptedException {
    Examined examined = Examined.now(BROKER, "aws");

    for (int i = 0; i < CASES.size(); i++) {
      String status = i == 0 ? "ok " : "fail ";
      examined.line(
          Stream.concat(Stream.of(status + role(i) + ": "), Stream.of(CASES.get(i).said()))
              .toArray(String[]::new));
    }
    examined.line(
        "fail account 999999999999",
        "STS at http://127.0.0.1:9 does not answer",
        "-> Look at the way from this node to it");
    assertEquals(CASES.size(), examined.failed().size());
    assertFalse(String.join("\n", examined.lines()).contains(FakeSts.SECRET));
  }

  @Test
  void clocks_of_sts_are_looked_at() throws InterruptedException {
    Examined examined = Examined.now(BROKER, "clock");

    assertEquals(
        CASES.size(),
        examined.lines().stream().filter(line -> line.startsWith("ok STS at localhost:")).count());
    examined.line("warn STS at 127.0.0.1:9", "Its clock is not known");
    assertEquals(List.of(), examined.failed());
  }
}
