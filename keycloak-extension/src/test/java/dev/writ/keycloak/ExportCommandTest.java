package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloak.KeycloakServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kc.sh export} and {@code import}, which start a Keycloak each. */
@Tag("long")
class ExportCommandTest {

  @Test
  void policies_go_through_a_folder_and_a_file_and_come_back_from_both(@TempDir Path folder)
      throws Exception {
    try (KeycloakServer server = TestKeycloak.setup().start()) {
      KeycloakRealm realm = server.freshRealm("moved");
      WritApi api = WritApi.of(realm);
      api.save("p", 0, "first", Policies.internal("p", "a")).expect(201);
      api.save("p", 1, "second", Policies.internal("p", "b")).expect(200);
      String history = api.history("p").toString();
      Path file = folder.resolve("realm.json");

      server.stop();
      server.command("export", "--dir", folder.resolve("dir").toString(), "--realm", realm.name());
      server.command("export", "--file", file.toString(), "--realm", realm.name());
      server.command("export", "--file", folder.resolve("all.json").toString());
      for (Path written :
          List.of(folder.resolve("dir").resolve(realm.name() + "-realm.json"), file)) {
        JsonNode json = WritApi.JSON.readTree(written.toFile());
        assertTrue(
            json.path("attributes").path("dev.writ.policies").asText().contains("\"second\""),
            written.toString());
      }
      assertTrue(Files.readString(folder.resolve("all.json")).contains("dev.writ.policies"));

      server.command("import", "--file", file.toString(), "--override", "true");
      server.restart();
      assertEquals(history, WritApi.of(realm).history("p").toString());
      ObjectNode attributes = (ObjectNode) realm.send("GET", "", "").json().path("attributes");
      assertTrue(attributes.path("dev.writ.policies").isMissingNode());

      realm.delete();
      server.stop();
      server.command("import", "--dir", folder.resolve("dir").toString());
      server.restart();
      assertEquals(history, WritApi.of(realm).history("p").toString());
    }
  }
}
