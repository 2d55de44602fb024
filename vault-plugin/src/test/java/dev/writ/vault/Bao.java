package dev.writ.vault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.Identity;
import dev.writ.fixtures.keys.TestCa;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real OpenBao or Vault from PATH, with nothing but memory for storage, initialized and unsealed;
 * plain on one port of loopback, TLS of an authority of its own on another, and an audit log.
 */
final class Bao implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final Path program;
  private final int plainPort = Ports.free();
  private final int tlsPort = Ports.free();
  private final TestCa ca = TestCa.create("Vault's own authority");
  private Process process;
  private String key = "";
  private String rootToken = "";

  private Bao(Path folder, Path program) {
    this.folder = folder;
    this.program = program;
    try {
      Files.createDirectories(folder);
      Identity identity = ca.localhost();
      Files.writeString(folder.resolve("ca.pem"), ca.pem());
      Files.writeString(folder.resolve("server.pem"), identity.chainPem());
      Files.writeString(folder.resolve("server.key"), identity.keyPem());
      Files.writeString(folder.resolve("server.hcl"), configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
    try {
      initialize();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where it is installed. */
  static Optional<Path> program() {
    return Stream.of("bao", "vault")
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Started in the folder; the test is skipped where there is none to start. */
  static Bao orSkip(Path folder) {
    Assumptions.assumeTrue(
        program().isPresent(), "neither bao nor vault is on PATH: this needs a real server");
    return new Bao(folder, program().get());
  }

  static Bao start(Path folder) {
    return new Bao(folder, program().orElseThrow());
  }

  private String configuration() {
    return """
    disable_mlock = true
    api_addr = "%s"
    storage "inmem" {}
    listener "tcp" {
      address = "127.0.0.1:%d"
      tls_disable = true
    }
    listener "tcp" {
      address = "127.0.0.1:%d"
      tls_cert_file = "%s"
      tls_key_file = "%s"
    }
    audit "file" "to-file" {
      options {
        file_path = "%s"
      }
    }
    """
        .formatted(
            plain(),
            plainPort,
            tlsPort,
            folder.resolve("server.pem"),
            folder.resolve("server.key"),
            auditLog());
  }

  private Process launch() {
    try {
      Process started =
          new ProcessBuilder(
                  program.toString(), "server", "-config=" + folder.resolve("server.hcl"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("server.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialize() {
    try (Http http = Http.plain()) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!answers(http)) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw new IllegalStateException("it does not start:\n" + log());
        }
        Thread.sleep(50);
      }
      JsonNode keys =
          http.send(
                  "PUT",
                  plain().resolve("/v1/sys/init"),
                  Map.of(),
                  "{\"secret_shares\":1,\"secret_threshold\":1}")
              .expect(200)
              .json();
      key = keys.path("keys").path(0).asText();
      rootToken = keys.path("root_token").asText();
      unseal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean answers(Http http) {
    try {
      return http.get(plain().resolve("/v1/sys/seal-status")).status() == 200;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  void seal() {
    admin().write("sys/seal", "{}");
  }

  void unseal() {
    try (Http http = Http.plain()) {
      http.send(
              "PUT", plain().resolve("/v1/sys/unseal"), Map.of(), "{\"key\":\"%s\"}".formatted(key))
          .expect(200);
      long end = System.nanoTime() + PATIENCE.toNanos();
      Reply health = http.get(plain().resolve("/v1/sys/health"));
      while (health.status() != 200) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("it does not become active: " + health);
        }
        Thread.sleep(50);
        health = http.get(plain().resolve("/v1/sys/health"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Stands still with its connections open. */
  void pause() {
    signal("-STOP");
  }

  void resume() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  VaultAdmin admin() {
    return new VaultAdmin(plain(), rootToken);
  }

  String rootToken() {
    return rootToken;
  }

  /** Without TLS, on loopback. */
  URI plain() {
    return URI.create("http://127.0.0.1:" + plainPort);
  }

  /** With a certificate of {@link #ca}. */
  URI tls() {
    return URI.create("https://localhost:" + tlsPort);
  }

  Path ca() {
    return folder.resolve("ca.pem");
  }

  Path auditLog() {
    return folder.resolve("audit.log");
  }

  String log() {
    try {
      return Files.readString(folder.resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
