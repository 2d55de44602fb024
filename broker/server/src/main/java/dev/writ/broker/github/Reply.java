package dev.writ.broker.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.remote.RemoteReply;
import dev.writ.broker.remote.Words;
import java.net.http.HttpHeaders;
import java.util.Optional;

/** What came back for a request. */
sealed interface Reply {

  /**
   * An answer, whole.
   *
   * @param json of the body; a missing node where it is none
   */
  record Answer(int status, HttpHeaders headers, JsonNode json) implements Reply {
    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** GitHub's own words, fit to be logged and passed on. */
    String message() {
      return Words.shown(json.path("message").asText(""));
    }

    /** Status and words. */
    String said() {
      String message = message();
      return message.isEmpty() ? String.valueOf(status) : status + ": " + message;
    }

    boolean isServerError() {
      return status >= 500;
    }

    /** The body may be a credential. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /** No answer. */
  record Silence(RemoteReply.How how, String why) implements Reply {}
}
