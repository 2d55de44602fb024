package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the doctor found, one line for each finding: status, subject, what was found, and what to do
 * behind an arrow.
 */
record Examined(List<String> lines) {

  /** Findings of now, and not those that were kept from a moment ago. */
  static Examined now(TestBroker broker, String areas) throws InterruptedException {
    Instant asked = Instant.now();
    while (true) {
      Reply reply =
          broker.operator().send("GET", "/v1/doctor?area=" + areas, Map.of(), "").expect(200);
      if (!Instant.parse(reply.text("checked_at")).isBefore(asked)) {
        return of(reply.json().path("checks"));
      }
      Thread.sleep(100);
    }
  }

  private static Examined of(JsonNode checks) {
    List<String> lines = new ArrayList<>();
    checks.forEach(check -> {
      String status = check.path("status").asText();
      String remedy = check.path("do").asText();
      assertEquals(status.equals("ok"), remedy.isEmpty(), check::toString);
      lines.add(
          "%s %s: %s"
                  .formatted(status, check.path("subject").asText(), check.path("found").asText())
              + (remedy.isEmpty() ? "" : " -> " + remedy));
    });
    return new Examined(List.copyOf(lines));
  }

  /** The only line that holds all of these. */
  String line(String... words) {
    List<String> fitting =
        lines.stream().filter(line -> List.of(words).stream().allMatch(line::contains)).toList();
    assertEquals(1, fitting.size(), () -> String.join("\n", lines));
    return fitting.get(0);
  }

  List<String> failed() {
    return lines.stream().filter(line -> line.startsWith("fail ")).toList();
  }

  List<String> warned() {
    return lines.stream().filter(line -> line.startsWith("warn ")).toList();
  }
}
