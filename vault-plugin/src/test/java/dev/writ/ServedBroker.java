package dev.writ;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** {@code writ serve} as a process of its own, with the key providers on its class path. */
public final class ServedBroker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final BrokerProcess process;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private ServedBroker(Path folder, int port, Map<String, String> environment) {
    this.folder = folder;
    this.port = port;
    BrokerProcess.Command command = BrokerProcess.command(folder.resolve("data"), java(folder));
    environment.forEach(command::env);
    this.process = command.start();
  }

  private static String[] java(Path folder) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-Xmx128m",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.writ.broker.Main",
            "serve",
            "--config",
            folder.resolve("writ.yaml").toString()));
    return words.toArray(String[]::new);
  }

  /**
   * @param policy of the name {@code deployer}
   * @param more what follows in {@code writ.yaml}
   */
  public static ServedBroker start(
      Path folder, int port, String policy, String more, Map<String, String> environment) {
    try {
      Files.createDirectories(folder.resolve("policies"));
      Files.writeString(folder.resolve("policies/deployer.yaml"), policy);
      Files.writeString(folder.resolve("owners.yaml"), "users: [ ada ]\n");
      Files.writeString(
          folder.resolve("writ.yaml"),
          """
          issuer: https://localhost:%d
          listen: { host: localhost, port: %d, management-port: %d }
          """
                  .formatted(port, port, Ports.free())
              + more);
      return new ServedBroker(folder, port, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("https://localhost:" + port);
  }

  public Path bundle() {
    return folder.resolve("data/bundle.pem");
  }

  public BrokerProcess process() {
    return process;
  }

  public Path data() {
    return folder.resolve("data");
  }

  public Launcher operator() {
    return keep(
        Launcher.at(url(), read(bundle()), read(folder.resolve("data/operator-token")).strip()));
  }

  public AgentClient agent() {
    return keep(operator().bringUp(Launch.of("deployer").owner("user:ada")));
  }

  public String log() {
    return read(process.stderr());
  }

  private <T extends AutoCloseable> T keep(T one) {
    opened.push(one);
    return one;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    process.close();
  }
}
