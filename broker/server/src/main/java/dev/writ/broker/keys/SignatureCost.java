package dev.writ.broker.keys;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;

/**
 * Prints what one signature costs on this machine, by the very code that signs tokens: {@code
 * {"provider":…,"signMicros":…,"verifyMicros":…}}, CPU time of one warm thread.
 */
public final class SignatureCost {

  private static final long WARM_UP_NANOS = 500_000_000;
  private static final long ROUND_NANOS = 100_000_000;
  private static final int ROUNDS = 5;
  private static final int BATCH = 10;
  private static final int CLAIMS_BYTES = 400;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private SignatureCost() {}

  public static void main(String[] arguments) {
    System.out.println(measure());
  }

  /** The JSON object that {@link #main} prints; takes about two seconds. */
  public static String measure() {
    TokenKey key = TokenKey.generate(KeySlot.TOKEN, EnvelopeFile.ephemeral(), Instant.now());
    byte[] claims = new byte[CLAIMS_BYTES];
    new SecureRandom().nextBytes(claims);
    String token = key.sign("at+jwt", claims);
    int dot = token.lastIndexOf('.');
    byte[] input = token.substring(0, dot).getBytes(StandardCharsets.US_ASCII);
    String signature = token.substring(dot + 1);
    double sign = micros(() -> key.sign("at+jwt", claims).isEmpty());
    double verify = micros(() -> !key.verification().verifies(input, signature));
    return String.format(
        Locale.ROOT,
        "{\"provider\":\"%s\",\"signMicros\":%.1f,\"verifyMicros\":%.1f}",
        CryptoProvider.install().label(),
        sign,
        verify);
  }

  /** The cheapest round: what disturbs a measurement only ever adds to it. */
  private static double micros(Operation operation) {
    repeatFor(WARM_UP_NANOS, operation);
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, repeatFor(ROUND_NANOS, operation));
    }
    return best;
  }

  /**
   * @return microseconds of CPU time per operation
   */
  private static double repeatFor(long nanos, Operation operation) {
    long operations = 0;
    long before = THREADS.getCurrentThreadCpuTime();
    long after = before;
    while (after - before < nanos) {
      repeat(operation);
      operations += BATCH;
      after = THREADS.getCurrentThreadCpuTime();
    }
    return (after - before) / 1e3 / operations;
  }

  private static void repeat(Operation operation) {
    for (int i = 0; i < BATCH; i++) {
      if (operation.failed()) {
        throw new IllegalStateException("A signature that should be good is not");
      }
    }
  }

  private interface Operation {
    boolean failed();
  }
}
