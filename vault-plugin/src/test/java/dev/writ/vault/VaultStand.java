package dev.writ.vault;

import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.VaultSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The Vault of the contract suite: the one at {@code VAULT_ADDR} (with {@code VAULT_TOKEN}), else a
 * real one that is started here, else what such a one answered when the suite ran with {@code
 * -Drecord}.
 */
final class VaultStand implements AutoCloseable {
  /** Engines and auth methods of the tests have this in their names. */
  static final String TRANSIT = "writ-test-transit";

  private final Path folder;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final URI address;
  private final String rootToken;
  private final Optional<Tape> tape;

  VaultStand(Path folder) {
    this.folder = folder;
    String elsewhere = Optional.ofNullable(System.getenv("VAULT_ADDR")).orElse("");
    if (!elsewhere.isEmpty()) {
      address = URI.create(elsewhere);
      rootToken = Optional.ofNullable(System.getenv("VAULT_TOKEN")).orElse("");
      tape = Optional.empty();
    } else if (Bao.program().isPresent() && !Boolean.getBoolean("replay")) {
      Bao bao = keep(Bao.start(folder.resolve("bao")));
      rootToken = bao.rootToken();
      tape = isRecording() ? Optional.of(keep(Tape.record(bao.plain()))) : Optional.empty();
      address = tape.map(Tape::address).orElse(bao.plain());
    } else {
      tape = Optional.of(keep(Tape.play()));
      address = tape.get().address();
      rootToken = "recorded";
    }
  }

  private static boolean isRecording() {
    return System.getProperty("record") != null;
  }

  void begin(String test) {
    tape.ifPresent(one -> one.begin(test));
  }

  void end(String test) {
    tape.ifPresent(one -> one.end(test));
  }

  VaultAdmin admin() {
    return new VaultAdmin(address, rootToken);
  }

  /** A role whose policy lets it use every key of {@link #TRANSIT}, and what it logs in with. */
  VaultSettings.AppRole role() {
    VaultAdmin admin = admin();
    admin.send("DELETE", "sys/mounts/" + TRANSIT, "");
    admin.send("DELETE", "sys/auth/writ-test-approle", "");
    admin.write("sys/mounts/" + TRANSIT, "{\"type\":\"transit\"}");
    admin.write("sys/auth/writ-test-approle", "{\"type\":\"approle\"}");
    allow("create", "update", "read");
    admin.write(
        "auth/writ-test-approle/role/broker",
        "{\"token_policies\":[\"writ-test\"],\"token_ttl\":\"1h\"}");
    String roleId =
        admin.read("auth/writ-test-approle/role/broker/role-id").at("/data/role_id").asText();
    String secretId =
        admin
            .write("auth/writ-test-approle/role/broker/secret-id", "{}")
            .at("/data/secret_id")
            .asText();
    return new VaultSettings.AppRole(roleId, secret("secret-id", secretId), "writ-test-approle");
  }

  /** What the role may do with the keys from now on. */
  void allow(String... capabilities) {
    admin()
        .policy(
            "writ-test",
            "path \"%s/*\" { capabilities = [\"%s\"] }"
                .formatted(TRANSIT, String.join("\", \"", capabilities)));
  }

  /** A file that only its owner can read. */
  Path secret(String name, String content) {
    try {
      Path file = Files.writeString(folder.resolve(name), content + "\n");
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  VaultKeyProvider provider(VaultSettings.Login login) {
    return provider(login, Optional.empty());
  }

  VaultKeyProvider provider(VaultSettings.Login login, Optional<String> namespace) {
    VaultKeyProvider provider = new VaultKeyProvider();
    provider.configure(
        new KeySettings(
            Optional.of(
                new VaultSettings(
                    address, namespace, Optional.empty(), Duration.ofSeconds(5), login)),
            KeySettings.NONE.node()));
    return provider;
  }

  KeyRef ref(String key) {
    return KeyRef.parse("vault:" + TRANSIT + "/" + key, folder);
  }

  private <T extends AutoCloseable> T keep(T one) {
    opened.push(one);
    return one;
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
