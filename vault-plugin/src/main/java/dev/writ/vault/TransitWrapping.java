package dev.writ.vault;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.envelope.DataKey;
import dev.writ.envelope.Wrapping;
import io.github.jopenlibs.vault.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An encryption key in transit, as the envelope key: it wraps data keys, and never leaves. */
final class TransitWrapping implements Wrapping {
  private static final Pattern CIPHERTEXT = Pattern.compile("vault:v([1-9][0-9]{0,8}):\\S+");

  private final Client vault;
  private final VaultKeyRef ref;
  private final String id;

  private TransitWrapping(Client vault, VaultKeyRef ref, String id) {
    this.vault = vault;
    this.ref = ref;
    this.id = id;
  }

  /**
   * @throws KeyException if there is no such key, or it does not wrap
   */
  static TransitWrapping open(Client vault, VaultKeyRef ref) {
    if (ref.version().isPresent()) {
      throw new KeyException(
          ref + ": an envelope key is named without ?version=: its newest version seals, all open");
    }
    TransitKey.read(vault, ref).demandEnvelope();
    return new TransitWrapping(vault, ref, id(vault, ref));
  }

  /**
   * Vault names no key but by its place, so that is what is named: the cluster by the id that it
   * made when it was initialized, which every node of it answers and a copy restored from a
   * snapshot keeps, and the place in it.
   */
  private static String id(Client vault, VaultKeyRef ref) {
    String cluster = vault.health(ref).getString("cluster_id", "");
    if (cluster.isEmpty()) {
      throw new KeyException(
          "%s: Vault does not say which cluster it is (cluster_id of sys/health). %s"
              .formatted(ref, Trouble.SEALED.remedy()));
    }
    String place =
        String.join(
            "\n",
            "writ vault envelope key id",
            cluster,
            vault.settings().namespace().orElse(""),
            ref.mount(),
            ref.name());
    return Digests.sha256Hex(place.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public DataKey fresh() {
    JsonObject answer = vault.write(ref, ref.path("datakey/plaintext"), Map.of("bits", 256));
    String wrapped = answer.getString("ciphertext", "");
    Matcher form = CIPHERTEXT.matcher(wrapped);
    if (!form.matches()) {
      throw unintelligible();
    }
    return new DataKey(
        plaintext(answer),
        wrapped.getBytes(StandardCharsets.US_ASCII),
        Integer.parseInt(form.group(1)));
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    String ciphertext = new String(wrapped, StandardCharsets.US_ASCII);
    return plaintext(vault.write(ref, ref.path("decrypt"), Map.of("ciphertext", ciphertext)));
  }

  @Override
  public int newest() {
    return TransitKey.read(vault, ref).newest();
  }

  private byte[] plaintext(JsonObject answer) {
    try {
      byte[] key = Base64.getDecoder().decode(answer.getString("plaintext", ""));
      if (key.length == 32) {
        return key;
      }
    } catch (IllegalArgumentException notBase64) {
      // Said below, without the cause: its message quotes the input.
    }
    throw unintelligible();
  }

  private KeyException unintelligible() {
    return new KeyException(
        "%s: %s. %s"
            .formatted(ref, Trouble.UNINTELLIGIBLE.found(), Trouble.UNINTELLIGIBLE.remedy()));
  }
}
