package dev.writ.broker.wire;

import static dev.writ.broker.wire.RealmStage.NARROW;
import static dev.writ.broker.wire.RealmStage.READ;
import static dev.writ.broker.wire.RealmStage.STAGING;
import static dev.writ.broker.wire.RealmStage.WIDE;
import static dev.writ.broker.wire.RealmStage.json;
import static dev.writ.broker.wire.RealmStage.save;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.wire.RealmStage.Node;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From files to a realm, from there to another realm, and back: nobody is taken by surprise. */
class RealmSwitchTest {
  private static final String OWNERS = "users: [ ada ]\n";

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  private static int version(Node node, String policy) {
    Reply reply = node.operator().send("GET", "/v1/policies/" + policy, Map.of(), "");
    return reply.status() == 404 || reply.json().path("withdrawn").asBoolean()
        ? 0
        : reply.json().path("version").asInt();
  }

  private static String label(AgentClient agent) {
    return String.valueOf(Claims.of(agent.exchange(Via.MTLS, READ).expect(200)).get("policy"));
  }

  private static Reply apply(Node node, String... policies) {
    return node.operator()
        .send(
            "POST",
            "/v1/policies/apply",
            Map.of(),
            "{\"comment\":\"by hand\",\"policies\":[" + String.join(",", policies) + "]}");
  }

  @Test
  void each_hand_over_is_said_once_and_each_realm_counts_for_itself() throws Exception {
    try (FakeSourceRealm acme = FakeSourceRealm.http();
        FakeSourceRealm other = FakeSourceRealm.http();
        RealmStage stage = new RealmStage(folder, DATABASE, acme)) {
      stage.letIn(other);

      // 1. Policies from files and by hand.
      Path policies = Files.createDirectory(folder.resolve("policies"));
      Files.writeString(policies.resolve("operator.yaml"), "name: operator\n" + WIDE);
      Files.writeString(policies.resolve("helper.yaml"), "name: helper\n" + WIDE);
      Files.writeString(folder.resolve("owners.yaml"), OWNERS);
      Node files =
          stage.node("files", "policies: { directory: policies }\nowners: { file: owners.yaml }\n");
      apply(files, json("operator", NARROW), json("helper", WIDE)).expect(200);
      apply(files, json("operator", WIDE), json("helper", WIDE)).expect(200);
      AgentClient agent = files.agent("operator", "user:ada");
      AgentClient helper = files.agent("helper", "user:ada");
      assertEquals("operator@3", label(agent));

      // 2. A realm takes over by itself, under its own numbers; what it does not have is withdrawn.
      save(acme, "operator", NARROW);
      String fromAcme = "policies: { " + stage.keycloak(acme) + " }\n";
      Node first = stage.node("first", fromAcme);
      assertEquals("operator@1", label(agent));
      stage.refused(agent, STAGING, "invalid_scope");
      stage.refused(helper, READ, "access_denied");
      apply(files, json("operator", WIDE)).expect(409);
      apply(first, json("operator", WIDE)).expect(409);
      stage.refused(agent, STAGING, "invalid_scope");
      assertEquals(
          List.of(
              "{\"kind\":\"source\",\"of\":\"policies\",\"from\":\"files\",\"to\":\"%s\"}"
                  .formatted(acme.url())),
          stage.texts("SELECT body AS text FROM ledger WHERE kind = 'source'"));

      // 3. Another realm does not, for nobody said so.
      save(other, "operator", WIDE);
      String fromOther = "policies: { " + stage.keycloak(other) + " }\n";
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> stage.node("no", fromOther));
      assertTrue(
          refused.toString().contains("replaces: \"" + acme.url() + "\""), refused::toString);
      stage.refused(agent, STAGING, "invalid_scope");

      // 4. It does when somebody says so, and the nodes of the realm before change nothing any
      // more.
      Node second =
          stage.node("second", fromOther.replace(" }\n", ", replaces: \"" + acme.url() + "\" }\n"));
      assertEquals("operator@1", label(agent));
      agent.exchange(Via.MTLS, STAGING).expect(200);
      save(acme, "operator", WIDE);
      save(acme, "operator", NARROW);
      eventually(
          "the former realm's node says so",
          () -> first.health().json().path("broken").toString().contains("replaces"));
      assertEquals("operator@1", label(agent));
      agent.exchange(Via.MTLS, STAGING).expect(200);
      assertThrows(IllegalStateException.class, () -> stage.node("old", fromAcme));

      // 5. Back to the first: its numbers are known still.
      second.close();
      FakeSourceRealm.Backup backup = acme.backup();
      acme.forge("operator", 1, json("operator", WIDE));
      Node third =
          stage.node("third", fromAcme.replace(" }\n", ", replaces: \"" + other.url() + "\" }\n"));
      assertTrue(
          third.health().json().path("broken").toString().contains("another content"),
          third.health()::toString);
      acme.restore(backup);
      save(acme, "operator", NARROW);
      save(acme, "operator", NARROW);
      eventually("its newest is in force", () -> version(third, "operator") == 5);
      stage.refused(agent, STAGING, "invalid_scope");

      // 6. And back to what is applied by hand, under numbers that none had before.
      third.close();
      first.close();
      Node last =
          stage.node(
              "last", "policies: { directory: policies, replaces: \"" + acme.url() + "\" }\n");
      assertEquals("operator@5", label(agent));
      apply(last, json("operator", WIDE)).expect(200);
      assertEquals("operator@6", label(agent));
      agent.exchange(Via.MTLS, STAGING).expect(200);
      assertFalse(last.health().json().has("policies"));
    }
  }
}
