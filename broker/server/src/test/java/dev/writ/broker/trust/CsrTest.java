package dev.writ.broker.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.Openssl;
import dev.writ.broker.keys.P256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsrTest {

  private static final X500Name NAME = new X500Name("CN=agent");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"-sha256", "-sha384", "-sha512"})
  void takes_the_key_of_a_request_that_openssl_made(String digest) throws Exception {
    String pem = openssl("EC -pkeyopt ec_paramgen_curve:P-256", digest);
    Csr.Ok ok = assertInstanceOf(Csr.Ok.class, Csr.parse(pem));
    assertEquals(P256.thumbprint(ok.key()), ok.jkt());
    Openssl.run(directory, "pkey", "-in", "k", "-pubout", "-outform", "DER", "-out", "pub");
    assertEquals(
        Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve("pub"))),
        Base64.getEncoder().encodeToString(ok.key().getEncoded()));
  }

  @Test
  void ignores_every_name_and_extension_that_is_asked_for() throws Exception {
    Openssl.run(
        directory,
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        "k");
    String pem =
        Openssl.run(
                directory,
                "req",
                "-new",
                "-key",
                "k",
                "-subj",
                "/CN=admin",
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "subjectAltName=URI:spiffe://writ.local/agent/x,DNS:github.com")
            .output();
    assertInstanceOf(Csr.Ok.class, Csr.parse(pem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "EC -pkeyopt ec_paramgen_curve:secp256k1",
        "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "ED25519"
      })
  void refuses_every_other_kind_of_key(String algorithm) {
    Csr.Bad bad = assertInstanceOf(Csr.Bad.class, Csr.parse(openssl(algorithm, "-sha256")));
    assertTrue(bad.reason().contains("P-256"), bad.reason());
  }

  @Test
  void refuses_a_request_that_another_key_signed() throws Exception {
    KeyPair pair = P256.generate();
    PrivateKey other = P256.generate().getPrivate();
    Csr.Bad bad =
        assertInstanceOf(
            Csr.Bad.class,
            Csr.parse(
                pem(
                    new JcaPKCS10CertificationRequestBuilder(NAME, pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(other)))));
    assertTrue(bad.reason().contains("signature"), bad.reason());
  }

  @Test
  void refuses_sha1() throws Exception {
    KeyPair pair = P256.generate();
    String pem =
        pem(
            new JcaPKCS10CertificationRequestBuilder(NAME, pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA1withECDSA").build(pair.getPrivate())));
    assertInstanceOf(Csr.Bad.class, Csr.parse(pem));
  }

  @Test
  void refuses_a_point_that_is_not_on_the_curve_and_the_point_at_infinity() throws Exception {
    KeyPair pair = P256.generate();
    SubjectPublicKeyInfo good = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    byte[] point = good.getPublicKeyData().getOctets();
    point[point.length - 1] ^= 1;
    for (byte[] bad : new byte[][] {point, new byte[] {0}, new byte[] {4}, new byte[0]}) {
      SubjectPublicKeyInfo info =
          new SubjectPublicKeyInfo(good.getAlgorithm(), new DERBitString(bad).getOctets());
      String pem =
          pem(
              new PKCS10CertificationRequestBuilder(NAME, info)
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
      assertInstanceOf(Csr.Bad.class, Csr.parse(pem));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-----BEGIN CERTIFICATE REQUEST-----",
        "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\n!!!!\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\nMIQ=\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
      })
  void refuses_what_cannot_be_read(String pem) {
    assertInstanceOf(Csr.Bad.class, Csr.parse(pem));
  }

  @Test
  void never_throws_on_a_damaged_request_nor_takes_it_for_the_same() throws Exception {
    KeyPair pair = P256.generate();
    byte[] der =
        new JcaPKCS10CertificationRequestBuilder(NAME, pair.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();
    for (int at = 0; at < der.length; at++) {
      byte[] damaged = der.clone();
      damaged[at] ^= 0x55;
      assertInstanceOf(Csr.Bad.class, Csr.parse(pem(damaged)), "byte " + at);
    }
  }

  @Test
  void bounds_the_size() {
    assertInstanceOf(Csr.Bad.class, Csr.parse("x".repeat(8 * 1024 + 1)));
  }

  private String openssl(String algorithm, String digest) {
    String command = "genpkey -out k -algorithm " + algorithm;
    Openssl.run(directory, command.split(" "));
    return Openssl.run(directory, "req", "-new", digest, "-key", "k", "-subj", "/CN=x").output();
  }

  private static String pem(PKCS10CertificationRequest request) throws Exception {
    return pem(request.getEncoded());
  }

  private static String pem(byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN CERTIFICATE REQUEST-----\n" + body + "\n-----END CERTIFICATE REQUEST-----\n";
  }
}
