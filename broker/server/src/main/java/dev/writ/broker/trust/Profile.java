package dev.writ.broker.trust;

import dev.writ.broker.keys.KeyException;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/** The extensions of each kind of certificate, after the SPIFFE X.509-SVID profile and RFC 5280. */
final class Profile {

  private static final int URI = 6;

  private Profile() {}

  static void root(X509v3CertificateBuilder builder, TrustDomain domain, PublicKey key) {
    add(builder, Extension.basicConstraints, true, new BasicConstraints(true));
    authority(builder, domain);
    add(builder, Extension.subjectKeyIdentifier, false, util().createSubjectKeyIdentifier(key));
  }

  /** A root as an older one vouches for it: whoever trusts only that one trusts this one, too. */
  static void crossCertified(
      X509v3CertificateBuilder builder, TrustDomain domain, PublicKey key, X509Certificate issuer) {
    add(builder, Extension.basicConstraints, true, new BasicConstraints(true));
    authority(builder, domain);
    identifiers(builder, key, issuer);
  }

  static void intermediate(
      X509v3CertificateBuilder builder,
      TrustDomain domain,
      PublicKey key,
      X509Certificate issuer,
      Names names) {
    add(builder, Extension.basicConstraints, true, new BasicConstraints(0));
    authority(builder, domain);
    add(builder, Extension.nameConstraints, true, names.constraints());
    identifiers(builder, key, issuer);
  }

  /** X.509-SVID section 4: one URI, digital signature, both sides of TLS, no authority. */
  static void svid(
      X509v3CertificateBuilder builder, SpiffeId id, PublicKey key, X509Certificate issuer) {
    leaf(
        builder,
        List.of(new GeneralName(GeneralName.uniformResourceIdentifier, id.toString())),
        List.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth));
    identifiers(builder, key, issuer);
  }

  static void server(
      X509v3CertificateBuilder builder, ServerNames names, PublicKey key, X509Certificate issuer) {
    List<GeneralName> general = new ArrayList<>();
    names.dns().forEach(name -> general.add(new GeneralName(GeneralName.dNSName, name)));
    names
        .addresses()
        .forEach(address ->
            general.add(
                new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress()))));
    leaf(builder, general, List.of(KeyPurposeId.id_kp_serverAuth));
    identifiers(builder, key, issuer);
  }

  /** The URI names of a certificate; empty when it has none or they cannot be read. */
  static List<String> uris(X509Certificate certificate) {
    List<String> uris = new ArrayList<>();
    try {
      if (certificate.getSubjectAlternativeNames() != null) {
        for (List<?> name : certificate.getSubjectAlternativeNames()) {
          if (Integer.valueOf(URI).equals(name.get(0))) {
            uris.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    return uris;
  }

  private static void authority(X509v3CertificateBuilder builder, TrustDomain domain) {
    add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    add(
        builder,
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, domain.id())));
  }

  private static void leaf(
      X509v3CertificateBuilder builder, List<GeneralName> names, List<KeyPurposeId> purposes) {
    add(builder, Extension.basicConstraints, true, new BasicConstraints(false));
    add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    add(
        builder,
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    add(
        builder,
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(names.toArray(GeneralName[]::new)));
  }

  private static void identifiers(
      X509v3CertificateBuilder builder, PublicKey key, X509Certificate issuer) {
    JcaX509ExtensionUtils util = util();
    add(builder, Extension.subjectKeyIdentifier, false, util.createSubjectKeyIdentifier(key));
    add(
        builder,
        Extension.authorityKeyIdentifier,
        false,
        util.createAuthorityKeyIdentifier(issuer.getPublicKey()));
  }

  private static void add(
      X509v3CertificateBuilder builder,
      ASN1ObjectIdentifier kind,
      boolean critical,
      ASN1Encodable value) {
    try {
      builder.addExtension(kind, critical, value);
    } catch (IOException e) {
      throw new KeyException("A certificate extension cannot be encoded", e);
    }
  }

  private static JcaX509ExtensionUtils util() {
    try {
      return new JcaX509ExtensionUtils();
    } catch (NoSuchAlgorithmException e) {
      throw new KeyException("SHA-1, which names keys in certificates, is not available", e);
    }
  }
}
