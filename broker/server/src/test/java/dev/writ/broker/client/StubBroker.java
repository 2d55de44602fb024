package dev.writ.broker.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.FakeServer.Request;
import dev.writ.fixtures.keys.Pem;
import dev.writ.fixtures.keys.TestCa;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * Says of GitHub and AWS what a broker says, without either, and plays the git server, too: only
 * the newest token for {@code acme/api} opens it.
 */
final class StubBroker implements AutoCloseable {
  static final String SPIFFE_ID = "spiffe://writ.test/agent/0c8f1e0e-8d0c-4a53-9a52-0d8d4a6ee001";
  static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final Duration LIFE = Duration.ofHours(1);

  private final TestCa ca = TestCa.create("stub");
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final FakeServer server = FakeServer.https(0, ca.localhost(), this::answer);
  private volatile String good = "none";

  URI url() {
    return server.url();
  }

  String host() {
    return server.url().getAuthority();
  }

  String caPem() {
    return ca.pem();
  }

  /** Requests to the broker so far: method, path and body. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** From now on the git server takes none of the tokens it took. */
  void revoke() {
    good = "none";
  }

  private Answer answer(Request request) {
    if (request.path().startsWith("/acme/")) {
      return git(request);
    }
    String body = URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
    asked.add(request.method() + " " + request.path() + " " + body);
    if (request.client().isEmpty() && !request.path().equals("/v1/svid")) {
      return Answer.json(
          401, "{\"error\":\"invalid_client\",\"error_description\":\"no certificate\"}");
    }
    return switch (request.path()) {
      case "/v1/svid" -> svid(request.body());
      case "/v1/credentials/git" -> gitCredential(body);
      case "/token" -> body.contains("resource=" + ROLE) ? aws() : token();
      default -> Answer.json(200, "{\"result\":\"revoked\"}");
    };
  }

  private Answer svid(String json) {
    try (PEMParser pem =
        new PEMParser(new StringReader(new ObjectMapper().readTree(json).path("csr").asText()))) {
      var csr = (PKCS10CertificationRequest) pem.readObject();
      PublicKey key = new JcaPEMKeyConverter().getPublicKey(csr.getSubjectPublicKeyInfo());
      Instant now = Instant.now();
      String svid = Pem.write(ca.svid(key, SPIFFE_ID, now.minusSeconds(60), now.plus(LIFE)));
      String claims =
          "{\"iat\":%d,\"exp\":%d}"
              .formatted(now.getEpochSecond(), now.plus(LIFE).getEpochSecond());
      String jwt =
          "e30."
              + Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
              + ".x";
      return Answer.json(
          200,
          new ObjectMapper()
              .writeValueAsString(
                  Map.of(
                      "spiffe_id",
                      SPIFFE_ID,
                      "x509_svid",
                      svid,
                      "bundle",
                      ca.pem(),
                      "jwt_svid",
                      jwt)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer gitCredential(String body) {
    if (!body.contains("path=acme/api\n")) {
      return Answer.json(
          400,
          """
          {"error":"access_denied","error_description":"Refused.","denial":{"requested":[{"type":"github","repositories":["acme/web"],"permissions":{"contents":"read"}}],\
          "allowed":[{"type":"github","account":"acme","repositories":["acme/api"],"permissions":{"contents":"write"}}],"rule":"repositories","hint":"ask for acme/api","policy":"operator@3"}}\
          """);
    }
    good = "ghs_" + tokens.incrementAndGet();
    String text =
        "username=x-access-token\npassword=%s\npassword_expiry_utc=%d\n"
            .formatted(good, Instant.now().plus(LIFE).getEpochSecond());
    return new Answer.Whole(
        200, Map.of("Content-Type", "text/plain", "Writ-Id", writ(tokens.get())), text);
  }

  static String writ(int number) {
    return "0c8f1e0e-8d0c-4a53-9a52-0d8d4a6e%04d".formatted(number);
  }

  private Answer aws() {
    String credentials =
        "{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"ASIA1\\\",\\\"SecretAccessKey\\\":\\\"a/b+c\\\",\\\"SessionToken\\\":\\\"t==\\\",\\\"Expiration\\\":\\\"%s\\\"}"
            .formatted(Instant.now().plus(LIFE));
    return issued(credentials);
  }

  private Answer token() {
    return issued("ghs_cli");
  }

  private Answer issued(String token) {
    return Answer.json(
        200,
        "{\"access_token\":\"%s\",\"expires_in\":3600,\"writ\":\"%s\"}"
            .formatted(token, writ(tokens.incrementAndGet())));
  }

  private Answer git(Request request) {
    String basic =
        Base64.getEncoder()
            .encodeToString(("x-access-token:" + good).getBytes(StandardCharsets.UTF_8));
    if (!request.header("Authorization").equals("Basic " + basic)) {
      return new Answer.Whole(401, Map.of("WWW-Authenticate", "Basic realm=\"stub\""), "");
    }
    String line = "1".repeat(40) + " refs/heads/main\0 agent=stub\n";
    String advert =
        "001e# service=git-upload-pack\n0000" + "%04x".formatted(line.length() + 4) + line + "0000";
    return new Answer.Whole(
        200, Map.of("Content-Type", "application/x-git-upload-pack-advertisement"), advert);
  }

  @Override
  public void close() {
    server.close();
  }
}
