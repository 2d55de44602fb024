package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes that are not quite HTTP: chunks, lines, headers, targets, sizes. */
class HttpFormAttackTest {
  private static final String HOST = "Host: localhost\r\n";

  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  @AfterEach
  void it_still_serves() {
    Raw.answer(BROKER, Raw.JWKS).expect(200);
  }

  private static String chunked(String chunks) {
    return Raw.tokenHead() + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  private static String withHeader(String header) {
    return "GET /jwks HTTP/1.1\r\n" + HOST + header + "\r\n\r\n";
  }

  @Test
  void good_chunks_with_extensions_and_trailers_are_read() {
    for (String good :
        List.of(
            "5\r\na=bcd\r\n0\r\n\r\n",
            "5;x=y\r\na=bcd\r\n0\r\n\r\n",
            "5\r\na=bcd\r\n0\r\nX: y\r\n\r\n")) {
      Reply reply = Raw.answer(BROKER, chunked(good)).expect(400);
      assertEquals("grant_type: missing.", reply.text("error_description"));
    }
  }

  @Test
  void trailers_do_not_become_headers() {
    String trailer = "Authorization: " + BROKER.operatorHeader();
    String agents = "POST /v1/agents HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    String body = "{\"policy\":\"deployer\",\"owner\":\"user:ada\"}";
    String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n";
    Raw.refusedAndOpen(BROKER, 401, agents + chunk + trailer + "\r\n\r\n");
  }

  @Test
  void broken_chunks_are_refused() {
    for (String broken :
        List.of(
            "x\r\n",
            "\r\na=bcd",
            "+5\r\na=bcd\r\n0\r\n\r\n",
            "-5\r\na=bcd\r\n0\r\n\r\n",
            "0x5\r\na=bcd\r\n0\r\n\r\n",
            " 5\r\na=bcd\r\n0\r\n\r\n",
            "5 \r\na=bcd\r\n0\r\n\r\n",
            "5\na=bcd\r\n0\r\n\r\n",
            "5\r\na=bcd\n0\r\n\r\n",
            "5\r\na=bcdefg\r\n0\r\n\r\n",
            "5\r\na=bcdXX0\r\n\r\n",
            "5;x=\"\r\n\"\r\na=bcd\r\n0\r\n\r\n",
            "0\n\n",
            "0\r\nno colon\r\n\r\n",
            "5;" + "x".repeat(20_000) + "\r\na=bcd\r\n0\r\n\r\n",
            "0\r\nX: " + "y".repeat(20_000) + "\r\n\r\n")) {
      Raw.refusedAndClosed(BROKER, 400, chunked(broken));
    }
  }

  @Test
  void a_chunk_of_any_size_takes_no_memory_and_no_number_overflows() {
    for (String size :
        List.of(
            "80000000",
            "FFFFFFFF",
            "100000000",
            "7FFFFFFFFFFFFFFF",
            "FFFFFFFFFFFFFFFF",
            "10000000000000005",
            "F".repeat(40))) {
      Raw.refusedAndClosed(BROKER, 400, chunked(size + "\r\na=bcd\r\n0\r\n\r\n"));
    }
  }

  @Test
  void chunks_that_add_up_to_more_than_64_kib_are_413() {
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    Raw.refusedAndOpen(BROKER, 413, chunked(chunk.repeat(4) + "1\r\nx\r\n0\r\n\r\n"));
    assertEquals(400, Raw.answer(BROKER, chunked(chunk.repeat(4) + "0\r\n\r\n")).status());
  }

  @Test
  void a_body_that_never_ends_is_answered_before_it_does() {
    for (String length : List.of("65537", "999999999", "1000000000", "9223372036854775807")) {
      Reply reply = Raw.answer(BROKER, Raw.tokenHead() + "Content-Length: " + length + "\r\n\r\n");
      Refused.worded(reply.expect(413));
    }
  }

  @Test
  void a_body_in_another_coding_is_refused() {
    for (String coding : List.of("gzip", "deflate", "br", "x-gzip", "identity, gzip")) {
      Raw.refusedAndOpen(
          BROKER, 415, Raw.post("/token", "Content-Encoding: " + coding + "\r\n", "a=bcd"));
    }
  }

  @Test
  void only_the_expectation_that_is_known_is_met_and_only_once() {
    String post = Raw.tokenHead() + "Content-Length: 5\r\nExpect: ";
    Raw.refusedAndOpen(BROKER, 417, post + "200-maybe\r\n\r\na=bcd");
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      raw.write(post + "100-continue\r\n\r\n");
      raw.write("a=bcd");
      String answered =
          raw.write(Raw.JWKS.replace(HOST, HOST + "Connection: close\r\n")).readAll(Raw.SOON);
      assertEquals(2, answered.split("HTTP/1.1 100 Continue", -1).length, answered);
    }
    Reply tooLarge =
        Raw.answer(
            BROKER, Raw.tokenHead() + "Content-Length: 65537\r\nExpect: 100-continue\r\n\r\n");
    Refused.worded(tooLarge.expect(413));
  }

  @Test
  void lines_without_carriage_return_and_broken_headers_are_refused() {
    for (String broken :
        List.of(
            "GET /jwks HTTP/1.1\nHost: localhost\n\n",
            "GET /jwks HTTP/1.1\r\nHost: localhost\n\r\n",
            "GET /jwks HTTP/1.1\n" + HOST + "\r\n",
            withHeader("no colon"),
            withHeader(": no name"),
            withHeader("X Y: z"),
            withHeader("X\0: z"),
            withHeader("X\u00e4: z"),
            withHeader("X: a\0b"),
            withHeader("X: a\rb"),
            withHeader("X: a\n b"),
            withHeader("X: a\u0001b"),
            withHeader("X: a\u007fb"),
            "\0" + Raw.JWKS)) {
      Raw.refusedAndClosed(BROKER, 400, broken);
    }
  }

  @Test
  void other_versions_of_http_are_refused_and_never_a_fault_of_ours() {
    for (String broken :
        List.of(
            "GET /jwks\r\n\r\n",
            "GET /jwks HTTP/0.9\r\n\r\n",
            "GET /jwks HTTP/1.2\r\n" + HOST + "\r\n",
            "GET /jwks HTTP/2.0\r\n" + HOST + "\r\n",
            "GET /jwks HTTP/3\r\n" + HOST + "\r\n",
            "GET /jwks HTTP/11.1\r\n" + HOST + "\r\n",
            "GET /jwks http/1.1\r\n" + HOST + "\r\n",
            "GET /jwks HTTP/1.1 x\r\n" + HOST + "\r\n",
            "GET /jwks ICAP/1.0\r\n" + HOST + "\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")) {
      Raw.refusedAndClosed(BROKER, 400, broken);
    }
    Raw.answer(BROKER, "GET /jwks HTTP/1.0\r\n\r\n").expect(200);
  }

  @Test
  void an_offer_of_another_protocol_is_not_taken() {
    for (String offer :
        List.of(
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13",
            "Connection: Upgrade\r\nUpgrade: TLS/1.3")) {
      assertEquals(200, Raw.answer(BROKER, withHeader(offer)).status(), offer);
    }
  }

  @Test
  void a_request_without_a_good_host_is_refused() {
    Raw.refusedAndOpen(BROKER, 400, "GET /jwks HTTP/1.1\r\n\r\n");
    for (String host : List.of("a b", "user@localhost", "localhost/../x", "[::1", "localhost:x")) {
      Raw.refusedAndOpen(BROKER, 400, "GET /jwks HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }
  }

  @Test
  void another_spelling_of_a_path_is_refused() {
    for (String path :
        List.of(
            "//jwks",
            "/./jwks",
            "/x/../jwks",
            "/../jwks",
            "/../../etc/passwd",
            "/%2e/jwks",
            "/x/%2E%2e/jwks",
            "/%6awks",
            "/jwks//",
            "/jwks/.",
            "/jwks%",
            "/jwks%zz",
            "/jwks%u002f",
            "/jwks?a=%",
            "/v1/agents/%00",
            "/v1/agents?owner=%00",
            "/v1/agents?owner=%zz")) {
      Raw.refusedAndOpen(BROKER, 400, get(path));
    }
  }

  @Test
  void a_target_that_is_no_path_of_ours_is_not_found_and_nowhere_else_looked_for() {
    try (Trap elsewhere = new Trap()) {
      for (String target :
          List.of(
              "/JWKS",
              "/jwks%00",
              "/jwks%0a",
              "/jwks%2f",
              "/%2fjwks",
              "/jwks;x=1",
              "/jwks#x",
              "/jwks\\..\\x",
              "jwks",
              "*",
              "localhost:443",
              elsewhere.url("http") + "/x",
              elsewhere.url("https") + "/x")) {
        Raw.refusedAndOpen(BROKER, 404, get(target));
      }
      Raw.refusedAndOpen(BROKER, 404, "CONNECT localhost:443 HTTP/1.1\r\n" + HOST + "\r\n");
      assertEquals(0, elsewhere.connections());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void methods_that_no_path_knows_are_405() {
    for (String method :
        List.of("PUT", "TRACE", "OPTIONS", "CONNECT", "get", "X", "A".repeat(2_000))) {
      Raw.refusedAndOpen(BROKER, 405, method + " /jwks HTTP/1.1\r\n" + HOST + "\r\n");
    }
  }

  @Test
  void a_header_section_of_16_kib_is_read_and_a_larger_one_is_431() {
    String start = "GET /jwks HTTP/1.1\r\n" + HOST + "X: ";
    // Ends of lines do not count.
    int most = 16 * 1024 - "Host: localhost".length() - "X: ".length();
    assertEquals(200, Raw.answer(BROKER, start + "x".repeat(most) + "\r\n\r\n").status());
    Raw.refusedAndClosed(BROKER, 431, start + "x".repeat(most + 1) + "\r\n\r\n");
    Raw.refusedAndClosed(BROKER, 431, start + "x\r\n" + "a: b\r\n".repeat(4_200) + "\r\n");
  }

  @Test
  void a_request_line_of_8_kib_is_read_and_a_larger_one_is_414() {
    String line = "GET /jwks?x=%s HTTP/1.1";
    int frame = line.length() - 2;
    String most = line.formatted("x".repeat(8 * 1024 - frame));
    assertEquals(200, Raw.answer(BROKER, most + "\r\n" + HOST + "\r\n").status());
    String more = line.formatted("x".repeat(8 * 1024 - frame + 1));
    Raw.refusedAndClosed(BROKER, 414, more + "\r\n" + HOST + "\r\n");
  }

  @Test
  void what_comes_after_a_request_that_ends_the_connection_is_not_read() {
    String closing = Raw.JWKS.replace(HOST, HOST + "Connection: close\r\n");
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      String answered = raw.write(closing + Raw.JWKS).readAll(Raw.SOON);
      assertEquals(2, answered.split("HTTP/1.1 200 OK", -1).length, "one answer");
      assertTrue(raw.hangsUp(Raw.SOON));
    }
  }
}
