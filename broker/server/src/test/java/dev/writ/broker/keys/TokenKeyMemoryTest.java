package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenKeyMemoryTest {

  @TempDir Path directory;

  @Test
  void a_heap_dump_holds_no_private_scalar_of_a_key_in_use() throws Exception {
    assumeTrue(CryptoProvider.install() == CryptoProvider.ACCP, "only ACCP promises this");
    Sealer sealer = TestKeys.sealer();
    TokenKey made = TokenKey.generate(KeySlot.TOKEN, sealer, Instant.now());
    byte[] certificate = made.verification().certificate();
    TokenKey opened = TokenKey.open(KeySlot.TOKEN, certificate, made.sealed(), sealer);
    assertFalse(made.sign("JWT", new byte[2]).isEmpty());
    assertFalse(opened.sign("JWT", new byte[2]).isEmpty());

    byte[] dump = heapDump();

    assertTrue(contains(dump, made.kid().getBytes(StandardCharsets.US_ASCII)), "a dump of us");
    assertFalse(contains(dump, scalar(made, sealer)));
  }

  private byte[] heapDump() throws Exception {
    Path file = directory.resolve("heap.hprof");
    System.gc();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    return Files.readAllBytes(file);
  }

  /** Taken after the dump, or the test itself would put it there. */
  private static byte[] scalar(TokenKey key, Sealer sealer) throws Exception {
    byte[] context = TokenKey.context(KeySlot.TOKEN, key.kid());
    byte[] pkcs8 = sealer.open(key.sealed(), context);
    byte[] scalar =
        ECPrivateKey.getInstance(PrivateKeyInfo.getInstance(pkcs8).parsePrivateKey())
            .getKey()
            .toByteArray();
    assertEquals(0, scalar.length > P256.FIELD_BYTES ? scalar[0] : 0);
    return Arrays.copyOfRange(scalar, Math.max(0, scalar.length - 16), scalar.length);
  }

  private static boolean contains(byte[] haystack, byte[] needle) {
    for (int at = 0; at <= haystack.length - needle.length; at++) {
      if (haystack[at] == needle[0]
          && Arrays.equals(haystack, at, at + needle.length, needle, 0, needle.length)) {
        return true;
      }
    }
    return false;
  }
}
