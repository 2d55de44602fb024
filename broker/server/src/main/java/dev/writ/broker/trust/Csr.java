package dev.writ.broker.trust;

import dev.writ.broker.keys.P256;
import java.io.IOException;
import java.io.StringReader;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A certificate signing request (PKCS#10, RFC 2986), of which only the public key and the proof of
 * its possession are used: names and extensions that it asks for are ignored.
 */
public final class Csr {

  private static final int MAX_CHARS = 8 * 1024;
  private static final Set<String> PEM_TYPES =
      Set.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
  private static final Set<ASN1ObjectIdentifier> SIGNATURES =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512);

  private Csr() {}

  /** What a request is found to be. */
  public sealed interface Parsed {}

  /**
   * A P-256 key whose holder signed the request.
   *
   * @param jkt RFC 7638 thumbprint of the key
   */
  public record Ok(ECPublicKey key, String jkt) implements Parsed {}

  /**
   * @param reason for the client: what was wrong and what to do
   */
  public record Bad(String reason) implements Parsed {}

  public static Parsed parse(String pem) {
    if (pem.length() > MAX_CHARS) {
      return new Bad("The CSR is longer than " + MAX_CHARS + " characters");
    }
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject object = reader.readPemObject();
      if (object == null || !PEM_TYPES.contains(object.getType())) {
        return new Bad(
            "The CSR is no PEM of the kind CERTIFICATE REQUEST: make one with openssl req -new");
      }
      if (reader.readPemObject() != null) {
        return new Bad("There is more than one PEM object: send the CSR alone");
      }
      return parse(new PKCS10CertificationRequest(object.getContent()));
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle's parsers throw whatever the bytes lead them to.
      return new Bad("The CSR is no readable PKCS#10 request: make one with openssl req -new");
    }
  }

  private static Parsed parse(PKCS10CertificationRequest request) {
    SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
    boolean p256 =
        X9ObjectIdentifiers.id_ecPublicKey.equals(info.getAlgorithm().getAlgorithm())
            && SECObjectIdentifiers.secp256r1.equals(info.getAlgorithm().getParameters());
    Optional<ECPublicKey> key = p256 ? point(info) : Optional.empty();
    if (key.isEmpty()) {
      return new Bad(
          "The CSR's key is not on the named curve P-256: openssl genpkey -algorithm EC -pkeyopt"
              + " ec_paramgen_curve:P-256");
    }
    if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
      return new Bad("The CSR is not signed with ECDSA and SHA-256, SHA-384 or SHA-512");
    }
    return isSigned(request, key.get())
        ? new Ok(key.get(), P256.thumbprint(key.get()))
        : new Bad("The CSR's signature is not by its own key");
  }

  private static Optional<ECPublicKey> point(SubjectPublicKeyInfo info) {
    ECPoint point =
        CustomNamedCurves.getByName("secp256r1")
            .getCurve()
            .decodePoint(info.getPublicKeyData().getOctets())
            .normalize();
    return point.isInfinity()
        ? Optional.empty()
        : P256.publicKey(
            point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
  }

  private static boolean isSigned(PKCS10CertificationRequest request, ECPublicKey key) {
    try {
      return request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
    } catch (PKCSException | OperatorCreationException e) {
      return false;
    }
  }
}
