package dev.writ.broker.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM under a key of its own. Sealed: one version byte, 12 random bytes of nonce,
 * ciphertext with its 16-byte tag. With random nonces one key is good for 2^32 seals (NIST SP
 * 800-38D); the broker makes a handful a day.
 */
final class EnvelopeKey implements Sealer {

  private static final String PREFIX = "writ-envelope-key-1:";
  private static final byte VERSION = 1;
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

  /** The text of a fresh key file. */
  static String generate() {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return PREFIX + Base64.getEncoder().encodeToString(key) + "\n";
  }

  static EnvelopeKey parse(String text, String name) {
    String line = text.strip();
    try {
      if (line.startsWith(PREFIX)) {
        byte[] key = Base64.getDecoder().decode(line.substring(PREFIX.length()));
        if (key.length == KEY_BYTES) {
          return new EnvelopeKey(key);
        }
      }
    } catch (IllegalArgumentException notBase64) {
      // Said below, without the cause: its message quotes the input.
    }
    throw new KeyException(
        "%s: no envelope key; the file holds one line, %s<base64 of %d random bytes>"
            .formatted(name, PREFIX, KEY_BYTES));
  }

  /** A key that ends with the process. */
  static EnvelopeKey ephemeral() {
    return parse(generate(), "memory");
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] seal(byte[] plaintext, byte[] context) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] sealed = new byte[1 + NONCE_BYTES + plaintext.length + TAG_BYTES];
    sealed[0] = VERSION;
    System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      cipher.doFinal(plaintext, 0, plaintext.length, sealed, 1 + NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new KeyException("The envelope key cannot be used", e);
    }
  }

  @Override
  public byte[] open(byte[] sealed, byte[] context) {
    if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] != VERSION) {
      throw unopened(null);
    }
    byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
      return cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw unopened(e);
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

  private KeyException unopened(@Nullable GeneralSecurityException cause) {
    String message =
        "A sealed value cannot be opened by the envelope key %s: it was sealed by another key or"
            + " for another purpose, or was altered";
    return cause == null
        ? new KeyException(message.formatted(id))
        : new KeyException(message.formatted(id), cause);
  }

  /** A MAC under the key: as good as random to whoever lacks the key. */
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
