package dev.writ.envelope;

import dev.writ.broker.keys.KeyException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A sealed value: a byte of format, the version of the envelope key (4 bytes), the wrapped data key
 * after its length (2 bytes), 12 random bytes of nonce, ciphertext with its 16-byte tag. All before
 * the nonce is authenticated, with the length of the context's prefix fixed by itself.
 */
record Blob(int version, byte[] wrapped, byte[] nonce, byte[] ciphertext) {

  /** 1 is that of a key in a file. */
  static final byte FORMAT = 2;

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;
  static final int WRAPPED_MAX = 1_024;
  private static final int FIXED = 1 + Integer.BYTES + Short.BYTES;

  /**
   * @throws KeyException if it was not sealed by a key of this kind, or was cut
   */
  static Blob parse(byte[] sealed, String key) {
    ByteBuffer in = ByteBuffer.wrap(sealed);
    if (sealed.length < FIXED + 1 + NONCE_BYTES + TAG_BYTES || in.get() != FORMAT) {
      throw foreign(key);
    }
    int version = in.getInt();
    int length = in.getShort();
    if (length < 1 || length > WRAPPED_MAX || in.remaining() < length + NONCE_BYTES + TAG_BYTES) {
      throw foreign(key);
    }
    byte[] wrapped = new byte[length];
    byte[] nonce = new byte[NONCE_BYTES];
    in.get(wrapped).get(nonce);
    byte[] ciphertext = new byte[in.remaining()];
    in.get(ciphertext);
    return new Blob(version, wrapped, nonce, ciphertext);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(FIXED + wrapped.length + NONCE_BYTES + ciphertext.length)
        .put(header(version, wrapped))
        .put(nonce)
        .put(ciphertext)
        .array();
  }

  /** What is authenticated beside the ciphertext. */
  static byte[] authenticated(int version, byte[] wrapped, byte[] context) {
    byte[] header = header(version, wrapped);
    byte[] all = Arrays.copyOf(header, header.length + context.length);
    System.arraycopy(context, 0, all, header.length, context.length);
    return all;
  }

  private static byte[] header(int version, byte[] wrapped) {
    return ByteBuffer.allocate(FIXED + wrapped.length)
        .put(FORMAT)
        .putInt(version)
        .putShort((short) wrapped.length)
        .put(wrapped)
        .array();
  }

  static KeyException foreign(String key) {
    return new KeyException(
        "A sealed value cannot be opened by the envelope key %s: it was sealed by another key or for another purpose, or was altered"
            .formatted(key));
  }

  @Override
  public String toString() {
    return "Blob[version=" + version + "]";
  }
}
