package dev.writ.broker.keys;

import java.util.Optional;

/** An envelope key, {@code pkcs11:away}, whose keeper can be away. One in a JVM. */
public final class AwayKeyProvider implements KeyProvider, Sealer {
  private static final EnvelopeFile KEY = EnvelopeFile.ephemeral();
  private static volatile boolean away;

  /** From now on, or no more. */
  public static void away(boolean gone) {
    away = gone;
  }

  @Override
  public String scheme() {
    return "pkcs11";
  }

  @Override
  public Signer signer(KeyRef ref) {
    throw new KeyException(ref + ": signs nothing");
  }

  @Override
  public Sealer sealer(KeyRef ref) {
    return this;
  }

  private static EnvelopeFile key() {
    if (away) {
      throw new KeyException("the keeper of the key is away");
    }
    return KEY;
  }

  @Override
  public String id() {
    return KEY.id();
  }

  @Override
  public byte[] seal(byte[] plaintext, byte[] context) {
    return key().seal(plaintext, context);
  }

  @Override
  public byte[] open(byte[] sealed, byte[] context) {
    return key().open(sealed, context);
  }

  @Override
  public Optional<byte[]> reseal(byte[] sealed, byte[] context) {
    return key().reseal(sealed, context);
  }
}
