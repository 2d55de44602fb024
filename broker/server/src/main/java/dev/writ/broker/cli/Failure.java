package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Ends a command that did not do what was asked. No stack trace: the message is for its user. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Exit exit;
  private final transient Optional<ObjectNode> answer;

  private Failure(Exit exit, String message, Optional<ObjectNode> answer) {
    super(message, null, false, false);
    this.exit = exit;
    this.answer = answer;
  }

  /**
   * @param message what was wrong, what is allowed, what to do; one or two lines
   */
  Failure(Exit exit, String message) {
    this(exit, message, Optional.empty());
  }

  /** A failure that the broker explained. */
  static Failure answered(Exit exit, String message, ObjectNode answer) {
    return new Failure(exit, message, Optional.of(answer));
  }

  /** The same, ending the command otherwise. */
  Failure as(Exit other) {
    return new Failure(other, text(), answer);
  }

  Exit exit() {
    return exit;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  /** {@code {"error":…,"exit":…,"message":…,"answer":{what the broker said}?}}. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("error", exit.word());
    json.put("exit", exit.code());
    json.put("message", text());
    answer.ifPresent(said -> json.set("answer", said));
    return json;
  }
}
