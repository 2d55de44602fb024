package dev.writ.vault;

import dev.writ.LongLivedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A real Vault with the keys of a deployment, which this test alone may export. */
public final class VaultWithKeys implements AutoCloseable {
  private final Bao bao;
  private final Path secret;
  private final String roleId;

  private VaultWithKeys(Path folder) throws IOException {
    bao = Bao.orSkip(folder.resolve("bao"));
    VaultAdmin admin = bao.admin();
    admin.write("sys/mounts/transit", "{\"type\":\"transit\"}");
    admin.write("sys/auth/approle", "{\"type\":\"approle\"}");
    admin.policy(
        "broker", "path \"transit/*\" { capabilities = [\"create\", \"read\", \"update\"] }");
    admin.write("auth/approle/role/broker", "{\"token_policies\":[\"broker\"]}");
    for (String key : new String[] {"root ecdsa-p256", "app rsa-2048", "envelope aes256-gcm96"}) {
      String[] words = key.split(" ");
      admin.write(
          "transit/keys/" + words[0], "{\"type\":\"%s\",\"exportable\":true}".formatted(words[1]));
    }
    secret = folder.resolve("secret-id");
    Files.writeString(
        secret,
        admin.write("auth/approle/role/broker/secret-id", "{}").at("/data/secret_id").asText());
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    roleId = admin.read("auth/approle/role/broker/role-id").at("/data/role_id").asText();
  }

  public static VaultWithKeys orSkip(Path folder) throws IOException {
    return new VaultWithKeys(folder);
  }

  public LongLivedKeys keys() throws IOException {
    return LongLivedKeys.of(
        exported("signing-key/root"),
        exported("signing-key/app"),
        exported("encryption-key/envelope"));
  }

  private String exported(String key) {
    return bao.admin().read("transit/export/" + key).at("/data/keys/1").asText();
  }

  /** Of {@code writ.yaml}. */
  public String section() {
    return "vault: { address: '%s', ca: '%s', login: { approle: { role-id: '%s', secret-id: 'file:%s' } } }\n"
        .formatted(bao.tls(), bao.ca(), roleId, secret);
  }

  @Override
  public void close() {
    bao.close();
  }
}
