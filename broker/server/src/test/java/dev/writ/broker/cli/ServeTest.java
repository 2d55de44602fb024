package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.Source;
import dev.writ.fixtures.process.BrokerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTest {
  @TempDir Path folder;

  /** A process whose broker only says that it was closed. */
  static final class Process {
    private Process() {}

    public static void main(String[] arguments) {
      System.exit(new Cli(Surroundings.ofProcess(), config -> new Quiet()).run(arguments));
    }
  }

  private record Quiet() implements Serving {
    @Override
    public URI url() {
      return URI.create("https://localhost:4711");
    }

    @Override
    public void close() {
      System.out.println("drained");
    }
  }

  private Config configured(Map<String, String> environment, String... flags) {
    AtomicReference<Config> seen = new AtomicReference<>();
    Shell shell =
        Shell.in(folder)
            .environment(environment)
            .broker(config -> {
              seen.set(config);
              throw new IllegalStateException("seen");
            });
    String[] arguments = new String[flags.length + 1];
    arguments[0] = "serve";
    System.arraycopy(flags, 0, arguments, 1, flags.length);
    Ended ended = shell.run(arguments);
    assertEquals(1, ended.code(), ended::toString);
    return seen.get();
  }

  @Test
  void says_where_it_is_ready_and_ends_with_0_when_told_to() throws IOException {
    try (BrokerProcess process =
        BrokerProcess.java(Process.class.getName(), folder.resolve("data")).args("serve").start()) {
      assertEquals("https://localhost:4711", process.url());
      assertEquals(Optional.of(0), process.terminate(Duration.ofSeconds(15)));
      assertEquals(
          "Writ is ready at https://localhost:4711\ndrained\n", Files.readString(process.stdout()));
    }
  }

  @Test
  void flags_win_over_variables_and_those_over_the_file() throws IOException {
    Files.writeString(
        folder.resolve("writ.yaml"), "listen: { port: 1001, management-port: 1002, host: '::1' }");

    Config config = configured(Map.of("WRIT_LISTEN_MANAGEMENT_PORT", "1003"), "--port", "1004");

    assertEquals(1004, config.listen().port());
    assertEquals(1003, config.listen().managementPort());
    assertEquals("::1", config.listen().host());
  }

  @Test
  void every_flag_reaches_the_configuration() {
    Config config =
        configured(
            Map.of(),
            "--port",
            "0",
            "--management-port",
            "0",
            "--data",
            "d",
            "--database",
            "postgresql://localhost/writ",
            "--policies",
            "p",
            "--owners",
            "o.yaml");

    assertEquals(0, config.listen().port());
    assertEquals(0, config.listen().managementPort());
    assertEquals(folder.resolve("d"), config.data());
    assertEquals(
        "postgresql://localhost:5432/writ", config.database().orElseThrow().address().address());
    assertEquals(new Source.Local(folder.resolve("p"), false), config.policies());
    assertEquals(new Source.Local(folder.resolve("o.yaml"), false), config.owners());
  }

  @Test
  void a_start_that_fails_is_told_in_a_line_and_ends_with_1() {
    Ended serve =
        Shell.in(folder)
            .broker(config -> {
              throw new IllegalStateException("Cannot listen on 127.0.0.1:8443.");
            })
            .run("serve");

    assertEquals(1, serve.code());
    assertEquals("writ: The broker cannot start. Cannot listen on 127.0.0.1:8443.\n", serve.err());
  }

  @Test
  void wrong_flags_end_with_2() {
    Ended serve = Shell.in(folder).run("serve", "--port", "99999");

    assertEquals(2, serve.code());
    assertTrue(serve.err().contains("--port"), serve::toString);
  }
}
