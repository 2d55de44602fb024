package dev.writ.broker.ledger;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Version 7 UUIDs (RFC 9562 section 5.7): ordered by time, so that indexes over them grow at one
 * end.
 */
public final class Uuids {
  private static final SecureRandom random = new SecureRandom();

  private Uuids() {}

  /** A fresh id; 74 random bits. */
  public static UUID next() {
    byte[] noise = new byte[10];
    random.nextBytes(noise);
    ByteBuffer bits = ByteBuffer.wrap(noise);
    long high = (System.currentTimeMillis() << 16) | 0x7000L | (bits.getShort() & 0x0fffL);
    long low = (bits.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
