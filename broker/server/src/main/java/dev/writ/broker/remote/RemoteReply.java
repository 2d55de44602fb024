package dev.writ.broker.remote;

import java.net.http.HttpHeaders;

/** What came back for a request. */
public sealed interface RemoteReply {

  /** An answer, whole. Its body may be a credential, and is not shown. */
  record Answered(int status, HttpHeaders headers, byte[] body) implements RemoteReply {
    @Override
    public String toString() {
      return "Answered[" + status + "]";
    }
  }

  /**
   * No answer.
   *
   * @param why in words that fit after "does not answer: "
   */
  record Unanswered(How how, String why) implements RemoteReply {}

  /** What is known of a request that was not answered. */
  enum How {
    /** It did not leave: the target has done nothing. */
    NOT_SENT,
    /** The connection broke; the target may have done it. */
    CUT,
    /** The time is up; the target may have done it, or do it yet. */
    LATE
  }
}
