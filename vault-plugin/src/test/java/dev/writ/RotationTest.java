package dev.writ;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.process.Ports;
import dev.writ.pkcs11.SoftHsm;
import dev.writ.vault.VaultWithKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose root and envelope are kept elsewhere gets others of them while an agent works. */
class RotationTest {
  private static final String AUDIENCE = "https://deploy.internal";
  private static final String POLICY =
      """
      name: deployer
      lifetime: { agent: 4h, credential: 15m }
      launch: [ operator ]
      grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] } } ]
      """;

  @TempDir Path folder;

  @Test
  void vault_makes_the_next_version_of_each_and_gives_the_older_up() throws Exception {
    try (VaultWithKeys vault = VaultWithKeys.orSkip(folder);
        ServedBroker broker =
            ServedBroker.start(
                Files.createDirectory(folder.resolve("broker")),
                Ports.free(),
                POLICY,
                "keys: { root: 'vault:transit/root', envelope: 'vault:transit/envelope' }\n"
                    + vault.section(),
                Map.of())) {
      OperatedKeys keys = new OperatedKeys(broker::operator);
      AgentClient agent = broker.agent();
      works(agent);
      String before = keys.current("root");

      keys.rotateNow("root").expect(200);
      assertNotEquals(before, keys.current("root"));
      works(agent);
      works(broker.agent());

      Reply resealed = keys.rotate("envelope").expect(200);
      assertTrue(resealed.json().path("sealed_anew").asInt() >= 4, resealed::toString);
      eventually(
          "the older version goes",
          Duration.ofSeconds(30),
          () -> keys.retire("envelope").status() == 200);
      broker.process().restart();
      works(broker.agent());

      String compromised = keys.current("root");
      Reply done = keys.compromise("root").expect(200);
      assertEquals(compromised, done.text("distrusted"));
      works(broker.agent());
    }
  }

  @Test
  void an_hsm_s_next_key_is_made_by_people_and_named_beside_the_first() throws Exception {
    SoftHsm hsm = SoftHsm.orSkip();
    LongLivedKeys first = LongLivedKeys.generate();
    LongLivedKeys second = LongLivedKeys.generate();
    Path one = secret("one.pem", first.rootPem());
    Path two = secret("two.pem", second.rootPem());
    hsm.token("rotation")
        .imported("rotation", one, "root-1", "01")
        .importedAes("rotation", first.envelope(), "envelope", "03");
    Map<String, String> environment = new HashMap<>();
    environment.put("SOFTHSM2_CONF", hsm.configuration().toString());
    environment.put("WRIT_PKCS11_PIN", SoftHsm.PIN);
    Path home = Files.createDirectory(folder.resolve("broker"));
    String envelope = "envelope: '" + SoftHsm.uri("rotation", "envelope") + "'";
    int port = Ports.free();
    String root = SoftHsm.uri("rotation", "root-1");
    String used;
    try (ServedBroker broker =
        ServedBroker.start(
            home,
            port,
            POLICY,
            "keys: { root: '" + root + "', " + envelope + " }\n",
            environment)) {
      OperatedKeys keys = new OperatedKeys(broker::operator);
      used = keys.current("root");
      String refusal = keys.rotateNow("root").expect(409).text("detail");
      assertTrue(refusal.contains("beside this one"), refusal);
      assertEquals(used, keys.current("root"));
      works(broker.agent());
    }
    hsm.imported("rotation", two, "root-2", "02");
    String both = "[ '" + root + "', '" + SoftHsm.uri("rotation", "root-2") + "' ]";
    try (ServedBroker broker =
        ServedBroker.start(
            home, port, POLICY, "keys: { root: " + both + ", " + envelope + " }\n", environment)) {
      OperatedKeys keys = new OperatedKeys(broker::operator);
      assertEquals(used, keys.current("root"), "the database says which is used");
      keys.rotateNow("root").expect(200);
      assertNotEquals(used, keys.current("root"));
      works(broker.agent());
    }
  }

  private Path secret(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
  }

  private static void works(AgentClient agent) {
    agent.exchange(Via.MTLS, Ask.internal(AUDIENCE, "deploy:read")).expect(200);
  }
}
