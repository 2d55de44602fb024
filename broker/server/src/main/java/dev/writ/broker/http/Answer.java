package dev.writ.broker.http;

import dev.writ.document.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back. Header names are those of the wire; a body may be empty. */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  /** 200 with a JSON object. */
  public static Answer json(Map<String, ?> body) {
    return json(200, body);
  }

  public static Answer json(int status, Map<String, ?> body) {
    return new Answer(status, Map.of("Content-Type", "application/json"), Json.bytes(body));
  }

  public static Answer text(int status, String type, String body) {
    return new Answer(status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
  }

  public static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  /** The same with one more header. */
  public Answer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, Map.copyOf(more), body);
  }

  /**
   * The same, marked as a credential or other secret: no cache may keep it (RFC 6749 section 5.1).
   */
  public Answer secret() {
    return with("Cache-Control", "no-store");
  }

  /** Bodies may hold credentials. */
  @Override
  public String toString() {
    return "Answer[" + status + "]";
  }
}
