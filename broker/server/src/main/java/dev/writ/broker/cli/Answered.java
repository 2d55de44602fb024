package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a broker answered: an object, an RFC 9457 problem or an OAuth error (RFC 6749 section 5.2).
 */
record Answered(int status, byte[] body, Optional<String> requestId) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ERRORS_SHOWN_MAX = 20;
  private static final Set<String> ENDED = Set.of("agent_killed", "agent_expired");

  /** The object, or the failure that the broker explains. */
  ObjectNode orFail() {
    Optional<ObjectNode> object = object();
    boolean good = status >= 200 && status < 300;
    if (good && body.length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (object.isEmpty()) {
      String what = "It answered " + status + " with something that is not the broker's JSON.";
      throw new Failure(
          good || status < 500 ? Exit.FAILED : Exit.UNREACHABLE, what + " Is that URL a broker's?");
    }
    if (good) {
      return object.get();
    }
    throw Failure.answered(exit(object.get()), message(object.get()), object.get());
  }

  private Optional<ObjectNode> object() {
    try {
      return JSON.readTree(body) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private Exit exit(ObjectNode answer) {
    if (ENDED.contains(Text.of(answer, "reason"))) {
      return Exit.AGENT_ENDED;
    }
    if (!denials(answer).isEmpty()) {
      return Exit.DENIED;
    }
    return switch (status) {
      case 401 -> Exit.NOT_LOGGED_IN;
      case 403 -> Exit.DENIED;
      case 502, 503, 504 -> Exit.UNREACHABLE;
      default -> Exit.FAILED;
    };
  }

  private String message(ObjectNode answer) {
    List<String> lines = new ArrayList<>();
    lines.add(summary(answer));
    JsonNode errors = answer.path("errors");
    for (int i = 0; errors.size() > 1 && i < Math.min(errors.size(), ERRORS_SHOWN_MAX); i++) {
      String place = Text.of(errors.get(i), "pointer");
      lines.add((place.isEmpty() ? "" : place + ": ") + Text.of(errors.get(i), "detail"));
    }
    denials(answer).forEach(denial -> lines.addAll(Denials.lines(denial)));
    if (status == 401) {
      lines.add(
          "The token was not accepted. Log in again: `writ login`, or put a new access token in the file"
              + " that WRIT_TOKEN_FILE names.");
    }
    if (status >= 500 && requestId.isPresent()) {
      lines.add("The broker's log has more under request " + Text.safe(requestId.get()) + ".");
    }
    return String.join("\n", lines);
  }

  private String summary(ObjectNode answer) {
    for (String member : List.of("detail", "error_description", "title", "error")) {
      if (!Text.of(answer, member).isEmpty()) {
        return Text.of(answer, member);
      }
    }
    return "The broker answered " + status + ".";
  }

  private static List<JsonNode> denials(ObjectNode answer) {
    List<JsonNode> denials = new ArrayList<>();
    answer.path("denials").forEach(denials::add);
    if (answer.path("denial").isObject()) {
      denials.add(answer.path("denial"));
    }
    return denials;
  }
}
