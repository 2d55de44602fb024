package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerCommandTest {
  private static final String KEYS = "{\"keys\":[{\"kid\":\"one\",\"x5c\":[\"MII\"]}]}";

  @TempDir Path folder;
  private TestBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker =
        new TestBroker(folder)
            .on(
                "GET /sts/.well-known/openid-configuration",
                200,
                "{\"issuer\":\"https://broker/sts\",\"jwks_uri\":\"https://broker/sts/jwks\"}")
            .on("GET /sts/jwks", 200, KEYS);
    shell = Shell.in(folder).environment(broker.environment());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void writes_what_the_broker_publishes() throws IOException {
    Ended export = shell.run("issuer", "export", "site");

    assertEquals(0, export.code(), export.err());
    assertEquals(Shell.json(KEYS), Shell.json(Files.readString(folder.resolve("site/jwks"))));
    assertEquals(
        "https://broker/sts",
        Shell.json(Files.readString(folder.resolve("site/.well-known/openid-configuration")))
            .path("issuer")
            .textValue());
    assertTrue(export.out().contains("Serve them as https://broker/sts/"), export.out());
  }

  @Test
  void names_the_public_issuer_that_the_account_trusts() throws IOException {
    broker.write(
        "writ.yaml",
        "aws: [ { account: \"123456789012\", sts: \"https://sts.eu-central-1.amazonaws.com\","
            + " issuer: \"https://ids.example/sts\" } ]\n");

    assertEquals(0, shell.run("issuer", "export", "site").code());

    var configuration =
        Shell.json(Files.readString(folder.resolve("site/.well-known/openid-configuration")));
    assertEquals("https://ids.example/sts", configuration.path("issuer").textValue());
    assertEquals("https://ids.example/sts/jwks", configuration.path("jwks_uri").textValue());
  }

  @Test
  void a_broker_that_does_not_answer_leaves_no_half_of_it() {
    broker.on("GET /sts/jwks", 503, "{\"detail\":\"not now\"}");

    Ended export = shell.run("issuer", "export", "site");

    assertEquals(7, export.code());
    assertFalse(Files.exists(folder.resolve("site")));
  }
}
