package dev.writ.broker.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate in a token key's {@code x5c}: some verifiers (Ceph's STS) read the key from there
 * alone. It vouches for nothing, so its dates are only wide enough never to matter.
 */
final class SelfSignedCertificate {

  private static final Duration LIFE = Duration.ofDays(3_650);
  private static final Duration BACKDATED = Duration.ofMinutes(1);
  private static final int SERIAL_BITS = 127;

  private SelfSignedCertificate() {}

  /** DER of a non-CA certificate of this key, signed by itself. */
  static byte[] of(KeyPair pair, KeySlot slot, Instant now) {
    X500Name name = new X500Name("O=Writ,OU=" + slot.id() + " key");
    JcaX509v3CertificateBuilder certificate =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(LIFE)),
            name,
            pair.getPublic());
    try {
      certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      certificate.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      return certificate
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new KeyException("The certificate of a token key cannot be made", e);
    }
  }
}
