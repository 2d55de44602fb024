package dev.writ.broker.store;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The embedded server's settings. They stand on its command line, so that a newer broker changes
 * them by its start alone.
 */
final class PostgresSettings {
  /** What is promised by the ledger: a commit that was answered survives any crash. */
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  /** Loopback only, passwords by SCRAM only. */
  private static final Map<String, String> CLOSED =
      Map.of(
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "",
          "password_encryption", "scram-sha-256",
          "max_connections", "64");

  /** Neither statements nor rows reach the log, and no client can fill the disk through it. */
  private static final Map<String, String> LOGGING =
      Map.of(
          "logging_collector", "off",
          "log_min_messages", "log",
          "log_min_error_statement", "panic",
          "log_error_verbosity", "terse",
          "log_checkpoints", "off",
          "log_timezone", "UTC");

  /**
   * Short statements on one machine: no compilation; a client that went away takes its query along.
   */
  private static final Map<String, String> RUNNING =
      Map.of("jit", "off", "timezone", "UTC", "client_connection_check_interval", "1s");

  static final Map<String, String> ALWAYS = join(DURABLE, CLOSED, LOGGING, RUNNING);

  private PostgresSettings() {}

  @SafeVarargs
  private static Map<String, String> join(Map<String, String>... groups) {
    Map<String, String> all = new TreeMap<>();
    for (Map<String, String> group : groups) {
      all.putAll(group);
    }
    return Collections.unmodifiableMap(all);
  }
}
