package dev.writ.broker.trust;

import dev.writ.broker.keys.Signer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** Lets Bouncy Castle sign with a {@link Signer}, whose private key may be elsewhere. */
final class SignerContent implements ContentSigner {

  private final Signer signer;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  SignerContent(Signer signer) {
    this.signer = signer;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return new DefaultSignatureAlgorithmIdentifierFinder().find(signer.algorithm().jcaName());
  }

  @Override
  public OutputStream getOutputStream() {
    return content;
  }

  @Override
  public byte[] getSignature() {
    return signer.sign(content.toByteArray());
  }
}
