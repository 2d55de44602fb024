package dev.writ.broker.trust;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Signer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** What all certificates of this package share: names, serials, dates, reading and writing. */
public final class Certificates {

  /** How far before its issue a certificate is valid, for clients whose clocks are behind. */
  static final Duration BACKDATED = Duration.ofSeconds(60);

  private static final int SERIAL_BITS = 127;
  private static final int NAME_DIGITS = 16;
  private static final int MAX_PEM_CHARS = 64 * 1024;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder MIME =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Certificates() {}

  /** SHA-256 of the SubjectPublicKeyInfo in hex, as {@link Signer#id()}. */
  public static String keyId(PublicKey key) {
    return Digests.sha256Hex(key.getEncoded());
  }

  /** The certificates as PEM, in this order. */
  public static String pem(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(MIME.encodeToString(der(certificate)))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return text.toString();
  }

  /**
   * Reads one or more PEM certificates.
   *
   * @throws KeyException if there is none or one is unreadable
   */
  public static List<X509Certificate> parsePem(String text) {
    if (text.length() > MAX_PEM_CHARS) {
      throw new KeyException("Certificates of more than " + MAX_PEM_CHARS + " characters");
    }
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes))
          .forEach(certificate -> certificates.add((X509Certificate) certificate));
    } catch (CertificateException e) {
      throw new KeyException(
          "Unreadable PEM certificate; give -----BEGIN CERTIFICATE----- blocks", e);
    }
    if (certificates.isEmpty()) {
      throw new KeyException("No PEM certificate; give -----BEGIN CERTIFICATE----- blocks");
    }
    return List.copyOf(certificates);
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new KeyException("A certificate cannot be encoded", e);
    }
  }

  /** An authority's name; its key id makes it unlike that of any other node. */
  static X500Name authorityName(TrustDomain domain, String role, PublicKey key) {
    return new X500NameBuilder()
        .addRDN(BCStyle.O, "Writ")
        .addRDN(BCStyle.OU, domain.name())
        .addRDN(BCStyle.CN, role + " " + keyId(key).substring(0, NAME_DIGITS))
        .build();
  }

  static X509v3CertificateBuilder builder(
      X500Name issuer, Instant now, Instant notAfter, X500Name subject, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
        Date.from(now.minus(BACKDATED).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS)),
        Date.from(notAfter.truncatedTo(ChronoUnit.SECONDS)),
        subject,
        key);
  }

  static X509Certificate sign(X509v3CertificateBuilder builder, Signer signer) {
    try {
      byte[] der = builder.build(new SignerContent(signer)).getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | CertificateException e) {
      throw new KeyException("A certificate cannot be made", e);
    }
  }
}
