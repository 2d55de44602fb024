package dev.writ.broker.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One version of the envelope key in a file: AES-256-GCM under a key of its own. Sealed: one byte
 * of format, 12 random bytes of nonce, ciphertext with its 16-byte tag. With random nonces one key
 * is good for 2^32 seals (NIST SP 800-38D); the broker makes one for each token that it holds.
 */
final class EnvelopeKey {

  private static final byte FORMAT = 1;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;
  private final String id;

  private EnvelopeKey(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    this.id = derivedId(key);
  }

  /** Fresh random bytes in base64. */
  static String generate() {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Empty if it is not base64 of 32 bytes. */
  static Optional<EnvelopeKey> parse(String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      return key.length == KEY_BYTES ? Optional.of(new EnvelopeKey(key)) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty(); // Without the cause: its message quotes the input.
    }
  }

  /** A MAC under the key: as good as random to whoever lacks the key. */
  String id() {
    return id;
  }

  byte[] seal(byte[] plaintext, byte[] context) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] sealed = new byte[1 + NONCE_BYTES + plaintext.length + TAG_BYTES];
    sealed[0] = FORMAT;
    System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      cipher.doFinal(plaintext, 0, plaintext.length, sealed, 1 + NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new KeyException("The envelope key cannot be used", e);
    }
  }

  /** Empty if another version sealed it, or for another context, or if it was altered. */
  Optional<byte[]> open(byte[] sealed, byte[] context) {
    if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] != FORMAT) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
      return Optional.of(cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "EnvelopeKey[" + id + "]";
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(context);
    return cipher;
  }

  private static String derivedId(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] tag = mac.doFinal("writ envelope key id".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(tag);
    } catch (GeneralSecurityException e) {
      throw new KeyException("HMAC-SHA-256 is not available", e);
    }
  }
}
