package dev.writ.pkcs11;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The public key of a private one in a token, found without a certificate. */
record PublicHalf(SignatureAlgorithm algorithm, PublicKey key) {
  private static final long RSA = 0x0;
  private static final long EC = 0x3;
  private static final long EC_EDWARDS = 0x40;
  private static final int RSA_BITS_MIN = 2_048;
  private static final int RSA_BITS_MAX = 8_192;
  private static final int P256_POINT = 65;
  private static final int ED25519_POINT = 32;

  /** {@code CKA_EC_PARAMS} of NIST P-256: the DER of its object identifier. */
  private static final String P256 = "06082a8648ce3d030107";

  /** Those of Ed25519: its object identifier, or its name (PKCS#11 v3.0 section 2.3.5). */
  private static final Set<String> ED25519 = Set.of("06032b6570", "130c656477617264733235353139");

  /** SubjectPublicKeyInfo up to the point. */
  private static final String P256_INFO = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

  private static final String ED25519_INFO = "302a300506032b6570032100";

  /**
   * @throws KeyException if it cannot be found, or is of a kind that cannot be used
   */
  static PublicHalf of(TokenKey key) {
    try {
      return key.use((module, session, object) -> find(key, module, session, object));
    } catch (IllegalStateException unreadable) {
      throw key.refused(Trouble.WRONG_KEY, String.valueOf(unreadable.getMessage()));
    }
  }

  private static PublicHalf find(TokenKey key, Cryptoki module, long session, long object)
      throws CryptokiException {
    long kind = number(module, session, object, Attribute.KEY_TYPE);
    if (kind == RSA) {
      return rsa(key, module, session, object);
    }
    String parameters =
        module
            .attribute(session, object, Attribute.EC_PARAMS)
            .map(HexFormat.of()::formatHex)
            .orElse("");
    boolean edwards = (kind == EC_EDWARDS || kind == EC) && ED25519.contains(parameters);
    if (!edwards && !(kind == EC && parameters.equals(P256))) {
      throw key.refused(Trouble.WRONG_KEY, "CKA_KEY_TYPE 0x%X".formatted(kind));
    }
    byte[] point = point(key, module, session, object, edwards ? ED25519_POINT : P256_POINT);
    return edwards
        ? new PublicHalf(SignatureAlgorithm.ED25519, key("Ed25519", ED25519_INFO, point))
        : new PublicHalf(SignatureAlgorithm.ES256, key("EC", P256_INFO, point));
  }

  /** Its private half holds both numbers, too. */
  private static PublicHalf rsa(TokenKey key, Cryptoki module, long session, long object) {
    Optional<BigInteger> modulus =
        module.attribute(session, object, Attribute.MODULUS).map(PublicHalf::positive);
    Optional<BigInteger> exponent =
        module.attribute(session, object, Attribute.PUBLIC_EXPONENT).map(PublicHalf::positive);
    if (modulus.isEmpty() || exponent.isEmpty()) {
      throw key.refused(Trouble.NO_PUBLIC_KEY, "");
    }
    int bits = modulus.get().bitLength();
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
      throw key.refused(Trouble.WRONG_KEY, "RSA of " + bits + " bits");
    }
    try {
      return new PublicHalf(
          SignatureAlgorithm.RS256,
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(modulus.get(), exponent.get())));
    } catch (GeneralSecurityException unsound) {
      throw new IllegalStateException(unsound.getMessage(), unsound);
    }
  }

  private static BigInteger positive(byte[] magnitude) {
    return new BigInteger(1, magnitude);
  }

  /** Of the public key with the same id, or else with the same label. */
  private static byte[] point(TokenKey key, Cryptoki module, long session, long object, int length)
      throws CryptokiException {
    List<Optional<Attribute>> names =
        List.of(
            same(module, session, object, Attribute.ID),
            same(module, session, object, Attribute.LABEL));
    for (Attribute name : names.stream().flatMap(Optional::stream).toList()) {
      List<Long> found =
          module.find(
              session, List.of(Attribute.number(Attribute.CLASS, Attribute.PUBLIC_KEY), name), 2);
      if (found.size() > 1) {
        throw key.refused(Trouble.TWO_OBJECTS, "public keys");
      }
      if (found.size() == 1) {
        return module
            .attribute(session, found.getFirst(), Attribute.EC_POINT)
            .flatMap(point -> bare(point, length))
            .orElseThrow(() -> key.refused(Trouble.WRONG_KEY, "CKA_EC_POINT"));
      }
    }
    throw key.refused(Trouble.NO_PUBLIC_KEY, "");
  }

  private static Optional<Attribute> same(
      Cryptoki module, long session, long object, long attribute) {
    return module
        .attribute(session, object, attribute)
        .map(value -> new Attribute(attribute, value));
  }

  /** The DER OCTET STRING's content, or the bytes themselves where a token leaves that out. */
  private static Optional<byte[]> bare(byte[] point, int length) {
    return Stream.of(point, Arrays.copyOfRange(point, Math.min(2, point.length), point.length))
        .filter(bytes -> bytes.length == length)
        .findFirst();
  }

  private static long number(Cryptoki module, long session, long object, long attribute) {
    return module.attribute(session, object, attribute).map(Attribute::number).orElse(-1L);
  }

  private static PublicKey key(String algorithm, String info, byte[] point) {
    ByteArrayOutputStream spki = new ByteArrayOutputStream();
    spki.writeBytes(HexFormat.of().parseHex(info));
    spki.writeBytes(point);
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePublic(new X509EncodedKeySpec(spki.toByteArray()));
    } catch (GeneralSecurityException unsound) {
      throw new IllegalStateException(unsound.getMessage(), unsound);
    }
  }
}
