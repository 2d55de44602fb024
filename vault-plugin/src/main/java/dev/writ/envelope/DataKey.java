package dev.writ.envelope;

/**
 * A fresh data key.
 *
 * @param plaintext 32 bytes of AES-256; whoever takes them wipes them
 * @param wrapped the same under the envelope key, at most {@link Blob#WRAPPED_MAX} bytes
 * @param version of the envelope key, from 1
 */
public record DataKey(byte[] plaintext, byte[] wrapped, int version) {

  @Override
  public String toString() {
    return "DataKey[version=" + version + "]";
  }
}
