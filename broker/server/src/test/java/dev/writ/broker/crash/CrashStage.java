package dev.writ.broker.crash;

import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseSection;
import dev.writ.broker.store.EmbeddedPostgres;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.fault.Fault;
import dev.writ.fixtures.fault.SlowTarget;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A PostgreSQL that starts again by itself when it is killed, a target that takes its time, and a
 * broker: three processes besides this one.
 */
final class CrashStage implements AutoCloseable {
  private static final Duration MINTING_TAKES = Duration.ofMillis(250);
  private static final Launch LAUNCH = Launch.of("operator").owner("group:platform");
  private static final List<String> QUICK_START =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final String POLICY =
      """
      {"name": "operator", "lifetime": {"agent": "4h", "credential": "15m"},
       "launch": ["operator"], "owners": ["group:platform"],
       "grants": [{"internal": {"audience": "%s", "scopes": ["%s"]}},
                  {"github": {"account": "acme", "repositories": "*", "i-know": "a test",
                              "permissions": {"contents": "read"}}}]}
      """
          .formatted(NodeFiles.AUDIENCE, NodeFiles.READ);

  private final Deque<Runnable> opened = new ArrayDeque<>();
  private final EmbeddedPostgres postgres;
  private final Database database;
  private final URI target;
  private final NodeFiles files;
  private final BrokerProcess broker;

  CrashStage(Path folder) throws IOException {
    postgres = open(EmbeddedPostgres.start(folder.resolve("postgres")), EmbeddedPostgres::close);
    database = open(Database.open(postgres.settings()), Database::close);
    BrokerProcess slow =
        open(
            BrokerProcess.java(SlowTarget.class.getName(), folder.resolve("target"), QUICK_START)
                .readyLine("^ready (http://\\S+)")
                .start(),
            BrokerProcess::close);
    target = URI.create(slow.url());
    int port = Ports.free();
    files =
        NodeFiles.write(
            folder,
            port,
            URI.create("https://localhost:" + port),
            POLICY,
            DatabaseSection.of(postgres.settings(), folder.resolve("password")));
    broker =
        open(
            BrokerProcess.java(CrashBroker.class.getName(), folder.resolve("broker"), QUICK_START)
                .args(files.file().toString(), target.toString())
                .readyLine("^ready (https://\\S+)")
                .start(),
            BrokerProcess::close);
    try (Http http = Http.plain()) {
      http.send("PUT", target.resolve("/fault"), Map.of(), Fault.late(MINTING_TAKES).json())
          .expect(204);
    }
  }

  List<AgentClient> agents(int number) throws IOException {
    List<AgentClient> agents = new ArrayList<>();
    try (Launcher operator = Launcher.at(files.url(), files.bundle(), files.operatorToken())) {
      for (int i = 0; i < number; i++) {
        agents.add(open(operator.bringUp(LAUNCH), AgentClient::close));
      }
    }
    return agents;
  }

  Database database() {
    return database;
  }

  List<SlowTarget.Minted> minted() {
    try (Http http = Http.plain()) {
      List<SlowTarget.Minted> all = new ArrayList<>();
      http.get(target.resolve("/minted"))
          .expect(200)
          .json()
          .path("minted")
          .forEach(one ->
              all.add(
                  new SlowTarget.Minted(
                      one.path("intent").asText(),
                      one.path("sha256").asText(),
                      one.path("revoked").asBoolean())));
      return all;
    }
  }

  /** SIGKILL; the broker stays down. */
  void killBroker() {
    broker.kill9();
  }

  void restartBroker() {
    broker.restart();
  }

  /** SIGKILL of the postmaster; its keeper starts another. */
  void killPostgres() {
    ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
  }

  private <T> T open(T part, Consumer<T> close) {
    opened.push(() -> close.accept(part));
    return part;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.pop().run();
    }
  }
}
