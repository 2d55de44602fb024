package dev.writ.broker.exchange;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What credentials are sealed for, so that one cannot stand in for another. */
public final class SealContext {
  private SealContext() {}

  /** One that is kept to be ended. */
  public static byte[] held(UUID writ) {
    return ("held:" + writ).getBytes(StandardCharsets.US_ASCII);
  }
}
