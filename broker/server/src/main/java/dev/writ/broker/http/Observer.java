package dev.writ.broker.http;

/** Told of every answered request. */
@FunctionalInterface
public interface Observer {
  /**
   * @param route template of the path, or {@code none} if there is no such route
   * @param nanos from the whole request to the answer
   */
  void answered(String method, String route, int status, long nanos);
}
