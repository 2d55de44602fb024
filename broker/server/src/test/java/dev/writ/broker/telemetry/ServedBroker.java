package dev.writ.broker.telemetry;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code writ serve} as it is delivered: a process of its own, with a PostgreSQL of its own, that
 * logs as it does in production. The policy {@code deployer} lets the operator launch agents, and
 * those launch theirs.
 */
final class ServedBroker implements AutoCloseable {
  static final String DEPLOY = "https://deploy.internal";

  private static final String POLICY =
      """
      name: deployer
      lifetime: { agent: 4h, credential: 15m }
      launch: [ "operator", "agent" ]
      delegation: { policies: [ deployer ], depth: 2 }
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
        - github: { account: acme, repositories: [ acme/api ], permissions: { contents: read } }
      """;
  private static final String OWNERS =
      """
      users: [ ada, grace ]
      groups:
        - name: platform
          members: [ ada, grace ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
      """;

  private final Path folder;
  private final int management = Ports.free();
  private final BrokerProcess process;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private ServedBroker(Path folder, Map<String, String> environment, List<String> jvmOptions)
      throws IOException {
    this.folder = folder;
    int port = Ports.free();
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(folder.resolve("policies/deployer.yaml"), POLICY);
    Files.writeString(folder.resolve("owners.yaml"), OWNERS);
    Files.writeString(
        folder.resolve("writ.yaml"),
        """
        issuer: https://localhost:%d
        listen: { host: localhost, port: %d, management-port: %d }
        """
            .formatted(port, port, management));
    BrokerProcess.Command command =
        BrokerProcess.command(data(), java(jvmOptions, "serve", "--config", config().toString()));
    environment.forEach(command::env);
    this.process = command.start();
  }

  static ServedBroker start(Path folder, Map<String, String> environment, List<String> jvmOptions)
      throws IOException {
    return new ServedBroker(folder, environment, jvmOptions);
  }

  /** Without what makes tests log in their own way. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.notExists(Path.of(entry, "logback-test.xml")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String[] java(List<String> jvmOptions, String... arguments) {
    List<String> words = new java.util.ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    words.addAll(jvmOptions);
    words.addAll(List.of("-cp", classPath(), "dev.writ.broker.Main"));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  /** What a command line wrote. */
  record Typed(int code, String out, String err) {}

  /** Types {@code writ …} as the operator. */
  Typed type(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(java(List.of(), arguments));
    Path out = Files.createTempFile(folder, "typed", ".out");
    Path err = Files.createTempFile(folder, "typed", ".err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("WRIT_URL", url().toString());
    builder.environment().put("WRIT_CA", data().resolve("bundle.pem").toString());
    builder.environment().put("WRIT_TOKEN_FILE", data().resolve("operator-token").toString());
    int code = builder.directory(folder.toFile()).start().waitFor();
    return new Typed(code, Files.readString(out), Files.readString(err));
  }

  BrokerProcess process() {
    return process;
  }

  Path folder() {
    return folder;
  }

  Path config() {
    return folder.resolve("writ.yaml");
  }

  Path data() {
    return folder.resolve("data");
  }

  URI url() {
    return URI.create(process.url());
  }

  String bundle() {
    return read(data().resolve("bundle.pem"));
  }

  String operatorToken() {
    return read(data().resolve("operator-token")).strip();
  }

  Launcher operator() {
    return keep(Launcher.at(url(), bundle(), operatorToken()));
  }

  AgentClient newAgent() {
    return keep(AgentClient.at(url(), bundle()));
  }

  AgentClient agent() {
    return keep(operator().bringUp(Launch.of("deployer").owner("user:ada")));
  }

  /** Nobody, who trusts the broker. */
  Http anybody() {
    return keep(Http.trusting(bundle()));
  }

  String management(String path) {
    try (Http http = Http.plain()) {
      return http.get(URI.create("http://127.0.0.1:" + management + path)).expect(200).body();
    }
  }

  /** What it has logged so far, line by line. */
  List<String> log() {
    return read(process.stderr()).lines().toList();
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
  public void close() {
    for (AutoCloseable one : opened) {
      try {
        one.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    process.close();
  }
}
