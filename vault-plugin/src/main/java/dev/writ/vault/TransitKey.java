package dev.writ.vault;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key of the transit engine, as Vault describes it. */
final class TransitKey {
  private static final Logger log = LoggerFactory.getLogger(TransitKey.class);

  /** Those that authenticate what they encrypt. */
  private static final Set<String> ENVELOPES =
      Set.of("aes256-gcm96", "aes128-gcm96", "chacha20-poly1305", "xchacha20-poly1305");

  /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 section 4). */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private final VaultKeyRef ref;
  private final JsonObject described;

  private TransitKey(VaultKeyRef ref, JsonObject described) {
    this.ref = ref;
    this.described = described;
  }

  /**
   * @throws KeyException if it cannot be had
   */
  static TransitKey read(Client vault, VaultKeyRef ref) {
    TransitKey key = new TransitKey(ref, vault.read(ref, ref.path("keys")));
    if (key.is("exportable") || key.is("allow_plaintext_backup")) {
      log.warn(
          "{}: Vault lets it be exported (exportable or allow_plaintext_backup is set), so it may leave Vault; make one without",
          ref);
    }
    return key;
  }

  int newest() {
    return number("latest_version");
  }

  /** The numbers of the versions that it has, from the oldest on; at least the newest. */
  IntStream versions() {
    JsonValue keys = described.get("keys");
    return IntStream.rangeClosed(1, newest())
        .filter(version ->
            version == newest()
                || (keys != null
                    && keys.isObject()
                    && keys.asObject().get(Integer.toString(version)) != null));
  }

  /**
   * @throws KeyException if it is none that signs, with what does
   */
  SignatureAlgorithm algorithm() {
    Optional<SignatureAlgorithm> algorithm =
        switch (type()) {
          case "rsa-2048", "rsa-3072", "rsa-4096" -> Optional.of(SignatureAlgorithm.RS256);
          case "ecdsa-p256" -> Optional.of(SignatureAlgorithm.ES256);
          case "ed25519" -> Optional.of(SignatureAlgorithm.ED25519);
          default -> Optional.empty();
        };
    if (algorithm.isEmpty() || is("derived")) {
      throw new KeyException(
          "%s: a key of the type %s%s does not sign here; expected rsa-2048, rsa-3072, rsa-4096, ecdsa-p256 or ed25519, not derived. Make one: vault write -f %s type=ecdsa-p256"
              .formatted(ref, type(), is("derived") ? ", derived," : "", ref.path("keys")));
    }
    return algorithm.get();
  }

  /**
   * @throws KeyException if it is none that wraps data keys
   */
  void demandEnvelope() {
    if (!ENVELOPES.contains(type()) || is("derived")) {
      throw new KeyException(
          "%s: a key of the type %s%s is no envelope key; expected %s, not derived. Make one: vault write -f %s type=aes256-gcm96"
              .formatted(
                  ref,
                  type(),
                  is("derived") ? ", derived," : "",
                  String.join(", ", ENVELOPES.stream().sorted().toList()),
                  ref.path("keys")));
    }
  }

  /**
   * @throws KeyException if there is no such version
   */
  PublicKey publicKey(int version) {
    JsonValue versions = described.get("keys");
    JsonValue one =
        versions != null && versions.isObject()
            ? versions.asObject().get(Integer.toString(version))
            : null;
    if (one == null || !one.isObject()) {
      throw new KeyException(
          "%s: %s (version %d; the newest is %d). %s"
              .formatted(
                  ref, Trouble.NO_VERSION.found(), version, newest(), Trouble.NO_VERSION.remedy()));
    }
    String text = one.asObject().getString("public_key", "");
    try {
      return switch (algorithm()) {
        case ED25519 -> publicKey("Ed25519", join(ED25519, Base64.getDecoder().decode(text)));
        case ES256 -> publicKey("EC", pem(text));
        case RS256 -> publicKey("RSA", pem(text));
      };
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      throw new KeyException(
          "%s: its public key cannot be read; is that Vault's transit engine?".formatted(ref),
          unreadable);
    }
  }

  private static PublicKey publicKey(String algorithm, byte[] spki)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
  }

  private static byte[] pem(String text) {
    return Base64.getMimeDecoder().decode(text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", ""));
  }

  private static byte[] join(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  private String type() {
    return described.getString("type", "unknown");
  }

  private boolean is(String member) {
    return described.getBoolean(member, false);
  }

  private int number(String member) {
    int number = described.getInt(member, 0);
    if (number < 1) {
      throw new KeyException(
          "%s: %s (no %s). %s"
              .formatted(
                  ref, Trouble.UNINTELLIGIBLE.found(), member, Trouble.UNINTELLIGIBLE.remedy()));
    }
    return number;
  }
}
