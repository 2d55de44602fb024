package dev.writ.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** An attribute of an object ({@code CK_ATTRIBUTE}): its type, a pointer and a length. */
record Attribute(long type, byte[] value) {
  static final long CLASS = 0x0;
  static final long LABEL = 0x3;
  static final long KEY_TYPE = 0x100;
  static final long ID = 0x102;
  static final long MODULUS = 0x120;
  static final long PUBLIC_EXPONENT = 0x122;
  static final long VALUE_LENGTH = 0x161;
  static final long EXTRACTABLE = 0x162;
  static final long EC_PARAMS = 0x180;
  static final long EC_POINT = 0x181;

  static final long PUBLIC_KEY = 2;
  static final long PRIVATE_KEY = 3;
  static final long SECRET_KEY = 4;

  private static final long SIZE = 3 * JAVA_LONG.byteSize();

  /** One whose value is a {@code CK_ULONG}. */
  static Attribute number(long type, long value) {
    return new Attribute(
        type,
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array());
  }

  static long number(byte[] value) {
    return MemorySegment.ofArray(value).get(JAVA_LONG_UNALIGNED, 0);
  }

  static MemorySegment array(List<Attribute> all, Arena arena) {
    MemorySegment array = arena.allocate(SIZE * all.size(), JAVA_LONG.byteAlignment());
    for (int i = 0; i < all.size(); i++) {
      Attribute one = all.get(i);
      MemorySegment value = arena.allocateFrom(JAVA_BYTE, one.value);
      fill(array.asSlice(i * SIZE, SIZE), one.type, value, one.value.length);
    }
    return array;
  }

  /** One to be filled by the module. */
  static MemorySegment room(long type, MemorySegment value, Arena arena) {
    MemorySegment attribute = arena.allocate(SIZE, JAVA_LONG.byteAlignment());
    fill(attribute, type, value, value.byteSize());
    return attribute;
  }

  private static void fill(MemorySegment attribute, long type, MemorySegment value, long length) {
    attribute.set(JAVA_LONG, 0, type);
    attribute.set(ADDRESS, JAVA_LONG.byteSize(), value);
    attribute.set(JAVA_LONG, 2 * JAVA_LONG.byteSize(), length);
  }
}
