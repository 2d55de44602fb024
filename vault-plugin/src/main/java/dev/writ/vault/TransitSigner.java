package dev.writ.vault;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import io.github.jopenlibs.vault.json.JsonObject;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One version of a signing key in transit. What Vault signed is verified by the public key that was
 * read at the start: a key that was deleted and made anew under its name is noticed before anything
 * it signed leaves.
 */
final class TransitSigner implements Signer {
  private final Client vault;
  private final VaultKeyRef ref;
  private final int version;
  private final SignatureAlgorithm algorithm;
  private final PublicKey publicKey;
  private final String id;

  private TransitSigner(
      Client vault,
      VaultKeyRef ref,
      int version,
      SignatureAlgorithm algorithm,
      PublicKey publicKey) {
    this.vault = vault;
    this.ref = ref;
    this.version = version;
    this.algorithm = algorithm;
    this.publicKey = publicKey;
    this.id = Digests.sha256Hex(publicKey.getEncoded());
  }

  /**
   * @throws KeyException if there is no such key or version, or it does not sign
   */
  static TransitSigner open(Client vault, VaultKeyRef ref) {
    TransitKey key = TransitKey.read(vault, ref);
    int version = ref.version().orElseGet(key::newest);
    return new TransitSigner(vault, ref, version, key.algorithm(), key.publicKey(version));
  }

  /** Every version that Vault still has, oldest first. */
  static List<TransitSigner> all(Client vault, VaultKeyRef ref) {
    TransitKey key = TransitKey.read(vault, ref);
    return key.versions()
        .mapToObj(version ->
            new TransitSigner(vault, ref, version, key.algorithm(), key.publicKey(version)))
        .toList();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  public byte[] sign(byte[] message) {
    Map<String, Object> request = new HashMap<>();
    request.put("input", Base64.getEncoder().encodeToString(message));
    request.put("key_version", version);
    switch (algorithm) {
      case RS256 -> {
        request.put("hash_algorithm", "sha2-256");
        request.put("signature_algorithm", "pkcs1v15");
      }
      case ES256 -> {
        request.put("hash_algorithm", "sha2-256");
        request.put("marshaling_algorithm", "asn1");
      }
      case ED25519 -> {}
    }
    byte[] signature = signature(vault.write(ref, ref.path("sign"), request));
    if (!algorithm.verifies(publicKey, message, signature)) {
      throw new KeyException(
          "%s: what Vault signed does not verify by the key that was there when the broker started: it was replaced. %s"
              .formatted(ref, Trouble.NO_KEY.remedy()));
    }
    return signature;
  }

  /** {@code vault:v<version>:<base64>}. */
  private byte[] signature(JsonObject answer) {
    String text = answer.getString("signature", "");
    String prefix = "vault:v" + version + ":";
    try {
      if (text.startsWith(prefix)) {
        return Base64.getDecoder().decode(text.substring(prefix.length()));
      }
    } catch (IllegalArgumentException notBase64) {
      // Said below.
    }
    throw new KeyException(
        "%s: %s. %s"
            .formatted(ref, Trouble.UNINTELLIGIBLE.found(), Trouble.UNINTELLIGIBLE.remedy()));
  }

  @Override
  public String toString() {
    return "TransitSigner[" + ref + ", version " + version + ", " + id + "]";
  }
}
