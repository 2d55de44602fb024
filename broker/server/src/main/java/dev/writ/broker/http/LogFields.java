package dev.writ.broker.http;

/** What each log line that a request causes carries besides its message. */
public final class LogFields {
  /** The request's id, as the answer's {@code X-Request-Id} has it. */
  public static final String REQUEST = "request";

  /** The template of its path: the path itself may hold anything. */
  static final String ROUTE = "route";

  /** The trace that it is part of, if any. */
  static final String TRACE = "trace_id";

  private LogFields() {}
}
