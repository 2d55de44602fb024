package dev.writ;

import dev.writ.broker.keys.Signer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;

/** Signatures as anybody checks them. */
public final class Signatures {
  /** What the recordings of a real server answer to. */
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

  private Signatures() {}

  /** Whether what it signs now verifies by its public key. */
  public static boolean verifies(Signer signer) throws GeneralSecurityException {
    Signature check = Signature.getInstance(signer.algorithm().jcaName());
    check.initVerify(signer.publicKey());
    check.update(MESSAGE);
    return check.verify(signer.sign(MESSAGE));
  }
}
