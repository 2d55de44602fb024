package dev.writ.broker.cli;

/** How a command ends. The codes are part of the wire contract. */
enum Exit {
  DONE(0, "done"),
  FAILED(1, "failed"),
  USAGE(2, "usage"),
  NOT_LOGGED_IN(3, "not_logged_in"),
  DENIED(4, "denied"),
  AGENT_ENDED(6, "agent_ended"),
  UNREACHABLE(7, "broker_unreachable"),
  TARGET_FAILED(8, "target_failed");

  private final int code;
  private final String word;

  Exit(int code, String word) {
    this.code = code;
    this.word = word;
  }

  int code() {
    return code;
  }

  /** As {@code --json} names it. */
  String word() {
    return word;
  }
}
