package dev.writ.broker.wire;

import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A request whose end two servers in a row would see at different places: the rest of it would be
 * somebody else's request. Behind each stands a launch by the operator that must not happen.
 */
class SmugglingAttackTest {
  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static String smuggled() {
    String body = Launch.of("deployer").owner("user:ada").json();
    return Raw.post("/v1/agents", "Authorization: " + BROKER.operatorHeader() + "\r\n", body);
  }

  /** Headers after which nobody can know where the body ends. */
  private static void refused(List<String> headers, String body) {
    for (String one : headers) {
      Raw.refusedAndClosed(BROKER, 400, Raw.tokenHead() + one + "\r\n\r\n" + body + smuggled());
    }
  }

  @Test
  void the_smuggled_request_would_succeed_if_it_were_read() {
    // Without this none of the others could fail.
    Raw.answer(BROKER, smuggled()).expect(201);
  }

  @Test
  void a_length_beside_chunks_is_refused_in_either_order() {
    refused(
        List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nTransfer-Encoding: identity",
            "Content-Length: 5\r\nTransfer-Encoding: xchunked"),
        "0\r\n\r\n");
  }

  @Test
  void several_lengths_are_refused_even_if_they_agree() {
    refused(
        List.of(
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\ncontent-length: 0",
            "Content-Length: 5, 5",
            "Content-Length: 5, 6",
            "Content-Length: 5,"),
        "a=bcd");
  }

  @Test
  void a_length_that_is_no_plain_number_is_refused() {
    refused(
        List.of(
            "Content-Length: +5",
            "Content-Length: -5",
            "Content-Length: -0",
            "Content-Length: 0x5",
            "Content-Length: 5.0",
            "Content-Length: 5e0",
            "Content-Length: 5;",
            "Content-Length: \"5\"",
            "Content-Length: 5 5",
            "Content-Length: \u000b5",
            "Content-Length: \u00b2",
            "Content-Length:",
            "Content-Length: 18446744073709551621",
            "Content-Length: 99999999999999999999999999"),
        "a=bcd");
  }

  @Test
  void a_header_name_with_a_space_or_another_character_is_refused() {
    refused(
        List.of(
            "Content-Length : 5",
            "Content-Length\t: 5",
            "Content-Length\0: 5",
            "Content Length: 5",
            "Content-Lengt\u00e8: 5",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\u000b: chunked",
            "Transfer-\rEncoding: chunked",
            ": chunked"),
        "a=bcd");
  }

  @Test
  void chunks_by_another_name_or_with_company_are_refused() {
    refused(
        List.of(
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding: chunk",
            "Transfer-Encoding: identity",
            "Transfer-Encoding:",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: x\r\n chunked",
            "Transfer-Encoding:\r\n chunked"),
        "0\r\n\r\n");
  }

  @Test
  void chunks_in_http_1_0_are_refused() {
    String head = Raw.tokenHead().replace("HTTP/1.1", "HTTP/1.0");
    Raw.refusedAndClosed(
        BROKER, 400, head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled());
  }

  @Test
  void two_hosts_are_refused() {
    refused(List.of("Host: localhost", "Host: evil.example", "host: localhost"), "");
  }

  @Test
  void a_body_that_was_announced_is_never_read_as_a_request() {
    // Its length covers the smuggled request, whatever else the first one is refused for.
    String inside = smuggled();
    String length = "Content-Length: " + inside.length() + "\r\n\r\n";
    for (String line :
        List.of("POST /token", "POST /nothing", "PUT /token", "GET /jwks", "DELETE /v1/writs/x")) {
      String head = line + " HTTP/1.1\r\nHost: localhost\r\n" + length;
      BROKER.mintsNothing(() -> {
        try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
          Reply reply = raw.write(head + inside).answer(Raw.SOON);
          raw.write(Raw.JWKS).answer(Raw.SOON).expect(200);
          return reply;
        }
      });
    }
  }
}
