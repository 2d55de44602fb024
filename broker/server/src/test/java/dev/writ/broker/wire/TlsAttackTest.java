package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Identity;
import dev.writ.fixtures.keys.TestCa;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is below HTTP, and who it makes the sender. */
class TlsAttackTest {
  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  @AfterEach
  void it_still_serves() {
    Raw.answer(BROKER, Raw.JWKS).expect(200);
  }

  private static RawHttp tcp() {
    return RawHttp.plain("localhost", BROKER.url().getPort());
  }

  @Test
  void plain_http_is_not_answered() {
    try (RawHttp raw = tcp()) {
      String answer = raw.write(Raw.JWKS).readAll(Raw.SOON);
      assertEquals(-1, answer.indexOf("HTTP/1"), answer);
      assertTrue(raw.hangsUp(Raw.SOON));
    }
  }

  @Test
  void bytes_that_are_no_tls_end_the_connection() {
    Random random = new Random(4711);
    for (int length : List.of(1, 5, 100, 20_000)) {
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      // A record type and version that TLS has, so that the noise is what must be understood.
      noise[0] = 22;
      if (length > 4) {
        noise[1] = 3;
        noise[2] = 3;
        noise[3] = 0;
        noise[4] = 50;
      }
      try (RawHttp raw = tcp()) {
        raw.write(noise);
        if (length >= 100) {
          assertTrue(raw.hangsUp(Raw.SOON), "after " + length + " bytes");
        }
      } catch (UncheckedIOException alreadyClosed) {
        // is what is wanted
      }
    }
  }

  @Test
  @Tag("long")
  void a_handshake_that_never_goes_on_ends_after_ten_seconds() {
    try (RawHttp silent = tcp();
        RawHttp begun = tcp()) {
      begun.write(new byte[] {22, 3, 1, 2, 0, 1, 0});
      assertTrue(silent.hangsUp(Duration.ofSeconds(12)));
      assertTrue(begun.hangsUp(Duration.ofSeconds(5)));
    }
  }

  @Test
  void older_versions_of_tls_are_refused() {
    for (String version : List.of("TLSv1", "TLSv1.1", "TLSv1.2")) {
      assertThrows(
          UncheckedIOException.class,
          () ->
              RawHttp.connect(
                  BROKER.url(), BROKER.bundle(), tls -> tls.setProtocols(new String[] {version})),
          version);
    }
  }

  @Test
  void whatever_name_the_client_calls_it_is_the_same_broker() {
    for (String name :
        List.of("evil.example", "xn--e1afmkfd.example", "a".repeat(63) + ".example")) {
      try (RawHttp raw =
          RawHttp.connect(
              BROKER.url(),
              BROKER.bundle(),
              tls -> tls.setServerNames(List.of(new SNIHostName(name))))) {
        raw.write(Raw.JWKS).answer(Raw.SOON).expect(200);
      }
    }
    try (RawHttp raw =
        RawHttp.connect(BROKER.url(), BROKER.bundle(), tls -> tls.setServerNames(List.of()))) {
      raw.write(Raw.JWKS).answer(Raw.SOON).expect(200);
    }
  }

  @Test
  void http_2_is_not_negotiated() {
    assertThrows(
        UncheckedIOException.class,
        () ->
            RawHttp.connect(
                BROKER.url(),
                BROKER.bundle(),
                tls -> tls.setApplicationProtocols(new String[] {"h2"})));
  }

  @Test
  void a_hundred_new_keys_on_one_connection_do_no_harm() {
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      for (int i = 0; i < 100; i++) {
        raw.rekey();
      }
      raw.write(Raw.JWKS).answer(Raw.SOON).expect(200);
    }
  }

  @Test
  void a_half_closed_connection_is_closed() {
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      assertTrue(raw.finish().hangsUp(Raw.SOON));
    }
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      raw.write(Raw.tokenHead() + "Content-Length: 10\r\n\r\nhalf").finish();
      assertTrue(raw.hangsUp(Raw.SOON));
    }
  }

  @Test
  void two_hundred_resets_in_the_middle_of_a_request_leave_nothing_behind() {
    BROKER.mintsNothing(() -> {
      for (int i = 0; i < 100; i++) {
        RawHttp.connect(BROKER.url(), BROKER.bundle())
            .write(Raw.tokenHead() + "Content-Length: 10\r\n\r\nhalf")
            .reset();
        tcp().write(new byte[] {22, 3, 1, 2, 0, 1}).reset();
      }
      return Raw.answer(BROKER, Raw.JWKS).expect(200);
    });
  }

  @Test
  void a_certificate_by_another_authority_proves_nothing() {
    AgentClient agent = BROKER.agent("deployer");
    Instant now = Instant.now();
    Identity forged =
        TestCa.create("writ.test root")
            .svid(
                agent.key(), agent.svids().spiffeId(), now.minusSeconds(60), now.plusSeconds(600));
    Refused.by(
        BROKER,
        () -> {
          try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle(), forged)) {
            Reply reply = raw.write(exchange(agent, "")).answer(Raw.SOON).expect(401);
            assertEquals("invalid_client", reply.error());
            return reply;
          }
        });
  }

  @Test
  void an_agents_certificate_with_another_key_cannot_be_shown() {
    AgentClient agent = BROKER.agent("deployer");
    Identity stolen = new Identity(AgentKey.generate().pair().getPrivate(), agent.svids().x509());
    BROKER.mintsNothing(() -> {
      // In TLS 1.3 the client learns of it when it reads.
      try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle(), stolen)) {
        assertEquals("", raw.write(exchange(agent, "")).readAll(Raw.SOON));
      } catch (UncheckedIOException refused) {
        // sooner is as good
      }
      return Raw.answer(BROKER, Raw.JWKS);
    });
  }

  @Test
  void a_certificate_in_a_header_proves_nothing() throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    byte[] der = agent.svids().x509().getFirst().getEncoded();
    String base64 = Base64.getEncoder().encodeToString(der);
    String pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    String escaped = URLEncoder.encode(pem, StandardCharsets.UTF_8);
    for (String header :
        List.of(
            "X-Forwarded-Client-Cert: By=x;Cert=\""
                + escaped
                + "\";URI="
                + agent.svids().spiffeId(),
            "X-SSL-Cert: " + escaped,
            "X-SSL-Client-Cert: " + escaped,
            "X-Client-Cert: " + base64,
            "Client-Cert: :" + base64 + ":",
            "SSL_CLIENT_CERT: " + escaped,
            "SSL-Client-Cert: " + escaped + "\r\nX-SSL-Client-Verify: SUCCESS",
            "X-ARR-ClientCert: " + base64,
            "X-Amzn-Mtls-Clientcert: " + escaped)) {
      Reply reply = Refused.by(BROKER, () -> Raw.answer(BROKER, exchange(agent, header + "\r\n")));
      assertEquals("invalid_client", reply.expect(401).error(), header);
    }
  }

  @Test
  void a_proxys_words_about_host_and_scheme_do_not_move_a_proof() {
    AgentClient agent = BROKER.agent("deployer");
    String elsewhere = "https://evil.example/token";
    for (Map<String, String> words :
        List.of(
            Map.of("X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https"),
            Map.of("Forwarded", "host=evil.example;proto=https"),
            Map.of("X-Original-URL", "/token", "X-Forwarded-Port", "443"))) {
      var headers = new java.util.TreeMap<>(words);
      headers.put("DPoP", agent.proof("POST", "/token").htu(elsewhere).sign());
      Reply reply = Refused.by(BROKER, () -> agent.exchange(Via.NOTHING, Policies.READ, headers));
      assertEquals("invalid_dpop_proof", reply.expect(400).error());
    }
  }

  private static String exchange(AgentClient agent, String headers) {
    String form = "Content-Type: application/x-www-form-urlencoded\r\n";
    return Raw.post("/token", form + headers, Policies.READ.form(agent.svids().jwt()));
  }
}
