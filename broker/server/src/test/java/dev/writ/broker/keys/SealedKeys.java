package dev.writ.broker.keys;

import dev.writ.broker.store.Database;
import java.nio.file.Path;
import java.util.List;

/** The private keys that a deployment keeps sealed, for tests that look for them elsewhere. */
public final class SealedKeys {
  private SealedKeys() {}

  /**
   * @param envelope the file of the envelope key
   * @return PKCS #8
   */
  public static List<byte[]> open(Database database, Path envelope) {
    Sealer sealer = KeyProviders.load().sealer(KeyRef.parse("file:" + envelope, envelope));
    return database.autoCommit(session ->
        session.list(
            "SELECT kid, slot, sealed FROM signing_key WHERE sealed IS NOT NULL",
            row ->
                sealer.open(
                    row.bytes("sealed"),
                    TokenKey.context(slot(row.string("slot")), row.string("kid")))));
  }

  private static KeySlot slot(String id) {
    return KeySlot.TOKEN.id().equals(id) ? KeySlot.TOKEN : KeySlot.STS;
  }
}
