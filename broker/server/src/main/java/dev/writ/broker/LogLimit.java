package dev.writ.broker;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import dev.writ.broker.http.LogFields;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.LoggerFactory;

/**
 * Bounds what callers can make a node write: of the lines that requests cause, each class writes
 * {@link #LINES} a second, and then how many it left out. What the node says of its own accord
 * always passes.
 */
final class LogLimit extends Filter<ILoggingEvent> {
  static final int LINES = 10;

  private static final Duration WINDOW = Duration.ofSeconds(1);
  private static final LongAdder suppressed = new LongAdder();

  /** Lines of this window, by logger: as many as there are classes that log. */
  private final Map<String, AtomicInteger> written = new ConcurrentHashMap<>();

  /** Lines that were left out since the process started. */
  static long suppressed() {
    return suppressed.sum();
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (!causedByRequest(event)) {
      return FilterReply.NEUTRAL;
    }
    String logger = event.getLoggerName();
    AtomicInteger lines = written.computeIfAbsent(logger, this::beginWindow);
    if (lines.incrementAndGet() <= LINES) {
      return FilterReply.NEUTRAL;
    }
    suppressed.increment();
    return FilterReply.DENY;
  }

  /** Libraries speak of connections before there is a request. */
  private static boolean causedByRequest(ILoggingEvent event) {
    return event.getMDCPropertyMap().containsKey(LogFields.REQUEST)
        || !event.getLoggerName().startsWith("dev.writ.");
  }

  private AtomicInteger beginWindow(String logger) {
    Thread.ofVirtual().name("log-limit").start(() -> endWindow(logger));
    return new AtomicInteger();
  }

  private void endWindow(String logger) {
    try {
      Thread.sleep(WINDOW);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    AtomicInteger lines = written.remove(logger);
    int left = lines == null ? 0 : lines.get() - LINES;
    if (left > 0) {
      // Not a constant: this class is made while logging is being set up.
      LoggerFactory.getLogger(LogLimit.class)
          .warn("{} more lines of {} were left out within a second", left, logger);
    }
  }
}
