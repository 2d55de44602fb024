package dev.writ.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How a key is used ({@code CK_MECHANISM}): a type, a pointer to parameters, their length. */
sealed interface Mechanism {
  /** RSASSA-PKCS1-v1_5, hashed in the token. */
  Mechanism SHA256_RSA_PKCS = new Plain(0x40);

  /** Over a digest; r and s, 32 bytes each. */
  Mechanism ECDSA = new Plain(0x1041);

  Mechanism EDDSA = new Plain(0x1057);
  Mechanism AES_ECB = new Plain(0x1081);

  MemorySegment in(Arena arena);

  /** The module has used what {@link #in} made, which is still there. */
  default void used() {}

  record Plain(long type) implements Mechanism {
    @Override
    public MemorySegment in(Arena arena) {
      return mechanism(type, MemorySegment.NULL, 0, arena);
    }
  }

  /**
   * AES-GCM with a tag of 16 bytes ({@code CK_GCM_PARAMS} of v2.40, with the length of the nonce in
   * bytes and in bits). A token that takes no nonce but its own puts it where ours was.
   */
  final class Gcm implements Mechanism {
    private static final long TYPE = 0x1087;
    private static final long TAG_BITS = 128;
    private static final int FIELDS = 6;

    private byte[] nonce;
    private MemorySegment given = MemorySegment.NULL;

    Gcm(byte[] nonce) {
      this.nonce = nonce.clone();
    }

    @Override
    public MemorySegment in(Arena arena) {
      given = arena.allocateFrom(JAVA_BYTE, nonce);
      MemorySegment parameters = arena.allocate(JAVA_LONG, FIELDS);
      parameters.set(ADDRESS, 0, given);
      parameters.setAtIndex(JAVA_LONG, 1, nonce.length);
      parameters.setAtIndex(JAVA_LONG, 2, (long) nonce.length * Byte.SIZE);
      parameters.set(ADDRESS, 3 * JAVA_LONG.byteSize(), MemorySegment.NULL);
      parameters.setAtIndex(JAVA_LONG, 4, 0);
      parameters.setAtIndex(JAVA_LONG, 5, TAG_BITS);
      return mechanism(TYPE, parameters, parameters.byteSize(), arena);
    }

    @Override
    public void used() {
      nonce = given.toArray(JAVA_BYTE);
    }

    /** The one that was used. */
    byte[] nonce() {
      return nonce.clone();
    }
  }

  private static MemorySegment mechanism(
      long type, MemorySegment parameters, long length, Arena arena) {
    MemorySegment mechanism = arena.allocate(JAVA_LONG, 3);
    mechanism.setAtIndex(JAVA_LONG, 0, type);
    mechanism.set(ADDRESS, JAVA_LONG.byteSize(), parameters);
    mechanism.setAtIndex(JAVA_LONG, 2, length);
    return mechanism;
  }
}
