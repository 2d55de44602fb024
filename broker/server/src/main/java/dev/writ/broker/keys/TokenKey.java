package dev.writ.broker.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.DestroyFailedException;

/**
 * One ES256 key that signs tokens. Its private part is in this node's memory (outside the Java heap
 * under ACCP) and, anywhere else, only sealed under the deployment's envelope key. Safe for use by
 * many threads.
 */
public final class TokenKey {

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final KeySlot slot;
  private final VerificationKey verification;
  private final byte[] sealed;
  private final ECDSASigner signer;

  /** Encoded headers by {@code typ}; there are as many as kinds of token, a handful in the code. */
  private final Map<String, Header> headers = new ConcurrentHashMap<>();

  private TokenKey(KeySlot slot, VerificationKey verification, byte[] sealed, PrivateKey key) {
    this.slot = slot;
    this.verification = verification;
    this.sealed = sealed;
    try {
      signer = new ECDSASigner(key, Curve.P_256);
    } catch (JOSEException e) {
      throw new KeyException("No P-256 private key", e);
    }
    signer.getJCAContext().setProvider(CryptoProvider.install().ec());
  }

  /** A fresh key, already sealed. */
  public static TokenKey generate(KeySlot slot, Sealer sealer, Instant now) {
    KeyPair pair = P256.generate();
    VerificationKey verification =
        VerificationKey.ofCertificate(SelfSignedCertificate.of(pair, slot, now));
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    try {
      byte[] sealed = sealer.seal(pkcs8, context(slot, verification.kid()));
      return new TokenKey(slot, verification, sealed, P256.privateKey(pkcs8));
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
      destroy(pair.getPrivate());
    }
  }

  /**
   * Opens a stored key.
   *
   * @param certificate DER, as {@link VerificationKey#certificate()} gave it
   * @param sealed as {@link #sealed()} gave it
   * @throws KeyException if it was sealed by another envelope key, is of another slot or does not
   *     belong to the certificate
   */
  public static TokenKey open(KeySlot slot, byte[] certificate, byte[] sealed, Sealer sealer) {
    VerificationKey verification = VerificationKey.ofCertificate(certificate);
    byte[] pkcs8 = sealer.open(sealed, context(slot, verification.kid()));
    try {
      TokenKey key = new TokenKey(slot, verification, sealed.clone(), P256.privateKey(pkcs8));
      key.refuseForeignPrivatePart();
      return key;
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  public KeySlot slot() {
    return slot;
  }

  /** RFC 7638 thumbprint of the public key. */
  public String kid() {
    return verification.kid();
  }

  public VerificationKey verification() {
    return verification;
  }

  /**
   * What the database keeps; opened by {@link #open} with the same slot, certificate and sealer.
   */
  public byte[] sealed() {
    return sealed.clone();
  }

  /**
   * Signs a compact JWS whose header is exactly {@code alg}, {@code kid} and {@code typ}.
   *
   * @param typ a constant of the code, one per kind of token
   * @param claims a JSON object in UTF-8
   */
  public String sign(String typ, byte[] claims) {
    Header header = headers.computeIfAbsent(typ, this::header);
    byte[] payload = BASE64URL.encode(claims);
    byte[] prefix = header.prefix;
    byte[] signingInput = Arrays.copyOf(prefix, prefix.length + payload.length);
    System.arraycopy(payload, 0, signingInput, prefix.length, payload.length);
    try {
      String signature = signer.sign(header.parsed, signingInput).toString();
      return new String(signingInput, StandardCharsets.ISO_8859_1) + '.' + signature;
    } catch (JOSEException e) {
      throw new KeyException("The token key " + kid() + " cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "TokenKey[" + slot.id() + " " + kid() + "]";
  }

  private Header header(String typ) {
    JWSHeader parsed =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(kid())
            .type(new JOSEObjectType(typ))
            .build();
    String prefix = parsed.toBase64URL() + ".";
    return new Header(parsed, prefix.getBytes(StandardCharsets.US_ASCII));
  }

  private void refuseForeignPrivatePart() {
    String probe = sign("writ-probe", new byte[0]);
    int dot = probe.lastIndexOf('.');
    byte[] input = probe.substring(0, dot).getBytes(StandardCharsets.US_ASCII);
    if (!verification.verifies(input, probe.substring(dot + 1))) {
      throw new KeyException("The sealed key does not belong to the certificate of " + kid());
    }
    headers.clear();
  }

  /** Binds a sealed key to its place: it does not open as another. */
  public static byte[] context(KeySlot slot, String kid) {
    return ("writ/token-key/1/" + slot.id() + "/" + kid).getBytes(StandardCharsets.US_ASCII);
  }

  /** Asking a key for its encoding leaves it in the Java heap: that object is not used further. */
  private static void destroy(PrivateKey exported) {
    try {
      exported.destroy();
    } catch (DestroyFailedException e) {
      // The JDK's keys cannot be destroyed; the garbage collector has to do.
    }
  }

  private record Header(JWSHeader parsed, byte[] prefix) {}
}
