package dev.writ.pkcs11;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.envelope.DataKey;
import dev.writ.envelope.Wrapping;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * An AES-256 key in a token, as the envelope key. A data key is wrapped by AES-GCM: 12 bytes of
 * nonce, ciphertext with its tag. A token's key has one version; another one is another key.
 */
final class Pkcs11Wrapping implements Wrapping {
  private static final int VERSION = 1;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final long AES = 0x1F;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TokenKey key;
  private final String id;

  private Pkcs11Wrapping(TokenKey key, String id) {
    this.key = key;
    this.id = id;
  }

  /**
   * @throws KeyException if it cannot be used
   */
  static Pkcs11Wrapping open(TokenKey key) {
    key.use((module, session, object) -> {
      long kind = number(module, session, object, Attribute.KEY_TYPE);
      long length = number(module, session, object, Attribute.VALUE_LENGTH);
      if (kind != AES || length != KEY_BYTES) {
        throw key.refused(Trouble.WRONG_KEY, "CKA_KEY_TYPE 0x%X, %d bytes".formatted(kind, length));
      }
      return key;
    });
    return new Pkcs11Wrapping(key, id(key));
  }

  /**
   * What the key makes of a block that is nobody's data: the same from every node, as good as
   * random to whoever lacks the key. That a counter block of its GCM is the same one is as likely
   * as a guess of the key.
   */
  private static String id(TokenKey key) {
    byte[] block =
        Arrays.copyOf(
            Digests.sha256("writ pkcs11 envelope key id".getBytes(StandardCharsets.US_ASCII)), 16);
    return Digests.sha256Hex(
        key.use((module, session, object) ->
            module.encrypt(session, Mechanism.AES_ECB, object, block)));
  }

  private static long number(Cryptoki module, long session, long object, long attribute) {
    return module.attribute(session, object, attribute).map(Attribute::number).orElse(-1L);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public DataKey fresh() {
    byte[] plaintext = new byte[KEY_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(plaintext);
    RANDOM.nextBytes(nonce);
    Mechanism.Gcm gcm = new Mechanism.Gcm(nonce);
    byte[] sealed =
        key.use((module, session, object) -> module.encrypt(session, gcm, object, plaintext));
    byte[] used = gcm.nonce();
    byte[] wrapped = Arrays.copyOf(used, used.length + sealed.length);
    System.arraycopy(sealed, 0, wrapped, used.length, sealed.length);
    return new DataKey(plaintext, wrapped, VERSION);
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    if (wrapped.length <= NONCE_BYTES) {
      throw key.refused(Trouble.NOT_OPENED, "");
    }
    Mechanism.Gcm gcm = new Mechanism.Gcm(Arrays.copyOf(wrapped, NONCE_BYTES));
    byte[] sealed = Arrays.copyOfRange(wrapped, NONCE_BYTES, wrapped.length);
    byte[] plaintext =
        key.use((module, session, object) -> decrypt(module, session, gcm, object, sealed));
    if (plaintext.length != KEY_BYTES) {
      throw key.refused(Trouble.NOT_OPENED, "");
    }
    return plaintext;
  }

  /** Some tokens say of a tag that does not fit no more than that something failed. */
  private byte[] decrypt(Cryptoki module, long session, Mechanism gcm, long object, byte[] sealed)
      throws CryptokiException {
    try {
      return module.decrypt(session, gcm, object, sealed);
    } catch (CryptokiException failed) {
      if (failed.trouble() == Trouble.FAILED) {
        throw key.refused(Trouble.NOT_OPENED, String.valueOf(failed.getMessage()));
      }
      throw failed;
    }
  }

  @Override
  public int newest() {
    return VERSION;
  }
}
