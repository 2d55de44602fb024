package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.Broker;
import dev.writ.broker.config.ConfigReader;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a shared database takes from files, once. */
class FirstImportTest {
  private static final String WITHOUT_ROTATION =
      """
      users: [ ada ]
      groups: [ { name: platform, members: [ ada ] } ]
      """;
  private static final String SOUND =
      """
      users: [ ada ]
      groups:
        - { name: platform, members: [ ada ], rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 } }
      """;

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  private static final int MANAGEMENT = Ports.free();
  private static final int PORT = Ports.free();

  private static Broker start(String owners) throws IOException {
    Path policies = Files.createDirectories(folder.resolve("policies"));
    Files.writeString(
        policies.resolve("deployer.yaml"),
        """
        name: deployer
        lifetime: { agent: 12h, credential: 1h }
        launch: [ "operator" ]
        owners: [ "group:platform" ]
        grants: []
        """);
    Files.writeString(folder.resolve("owners.yaml"), owners);
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        trust-domain: writ.test
        listen: { port: %d, management-port: %d }
        data: data
        policies: { directory: policies }
        owners: { file: owners.yaml }
        %s
        """
            .formatted(PORT, MANAGEMENT, DATABASE.configured(folder)));
    return Broker.start(
        new ConfigReader(folder, Map.of(), Map.of()).read(Path.of("writ.yaml")).orElseThrow());
  }

  private static int launch(Broker broker) throws IOException {
    String token = Files.readString(folder.resolve("data/operator-token")).strip();
    String bundle = Files.readString(folder.resolve("data/bundle.pem"));
    try (Launcher operator = Launcher.at(broker.url(), bundle, token)) {
      return operator.launch(Launch.of("deployer").owner("group:platform")).status();
    }
  }

  private static JsonNode broken() {
    try (Http http = Http.plain()) {
      return http.get(URI.create("http://127.0.0.1:" + MANAGEMENT + "/health/ready"))
          .json()
          .path("broken");
    }
  }

  @Test
  void owners_that_were_broken_at_first_are_said_to_be_and_taken_once_they_are_mended()
      throws IOException {
    try (Broker broker = start(WITHOUT_ROTATION)) {
      String said = broken().path("owners").asText();
      assertTrue(said.contains("/groups/0") || said.contains("line"), said);
      assertTrue(said.contains("rotation"), said);
      assertEquals(404, launch(broker));
    }
    try (Broker broker = start(SOUND)) {
      assertTrue(broken().isEmpty(), () -> broken().toString());
      assertEquals(201, launch(broker));
    }
    try (Broker broker = start(SOUND.replace("platform", "data"))) {
      assertEquals(201, launch(broker), "what the database has is not replaced by a file");
    }
  }
}
