package dev.writ.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be closed in the opposite order. */
final class Opened implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Opened.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Closes everything, whatever one of them says to it. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable last = parts.pop();
      try {
        last.close();
      } catch (Exception failed) {
        log.warn("While stopping: {}", failed.getMessage(), failed);
      }
    }
  }
}
