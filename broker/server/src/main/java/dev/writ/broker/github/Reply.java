package dev.writ.broker.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.remote.RemoteReply;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Pattern;

/** What came back for a request. */
sealed interface Reply {

  /**
   * An answer, whole.
   *
   * @param json of the body; a missing node where it is none
   */
  record Answer(int status, HttpHeaders headers, JsonNode json) implements Reply {
    private static final int MESSAGE_MAX = 300;
    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]+");
    private static final Pattern CREDENTIAL =
        Pattern.compile("(gh[a-z]_|github_pat_|eyJ)[A-Za-z0-9._-]{16,}");

    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** GitHub's own words, fit to be logged and passed on. */
    String message() {
      String words = json.path("message").asText("");
      String plain = UNPRINTABLE.matcher(words).replaceAll(" ").strip();
      String masked = CREDENTIAL.matcher(plain).replaceAll("[masked]");
      return masked.length() <= MESSAGE_MAX ? masked : masked.substring(0, MESSAGE_MAX);
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
