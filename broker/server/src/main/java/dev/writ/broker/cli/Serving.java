package dev.writ.broker.cli;

import dev.writ.broker.config.Config;
import java.net.URI;

/** A broker that {@code writ serve} runs. */
public interface Serving extends AutoCloseable {

  /** Makes a broker. */
  @FunctionalInterface
  interface Start {
    /**
     * Returns when it is ready: database, policies and owners loaded, {@code bundle.pem} and {@code
     * operator-token} written.
     *
     * @throws RuntimeException if it cannot start; the message is for whoever started it
     */
    Serving start(Config config);
  }

  /** Where it is found, without a path. */
  URI url();

  /** Answers what it has begun, for a few seconds at most, and stops. */
  @Override
  void close();
}
