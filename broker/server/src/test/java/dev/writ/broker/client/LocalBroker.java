package dev.writ.broker.client;

import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/** {@code writ serve} in a process of its own, one for all test classes of this package. */
final class LocalBroker implements BeforeAllCallback {
  private static final String POLICY =
      """
      name: operator
      lifetime: { agent: 4h, credential: 15m }
      launch: [ operator ]
      owners: [ "group:platform" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
        - github: { account: acme, repositories: [ acme/api ], permissions: { contents: write } }
      """;
  private static final String OWNERS =
      """
      users: [ ada ]
      groups:
        - name: platform
          members: [ ada ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
      """;

  private @Nullable Running running;

  private record Running(BrokerProcess process) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running =
        context
            .getStore(
                StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(LocalBroker.class))
            .computeIfAbsent("broker", key -> new Running(start()), Running.class);
  }

  private static BrokerProcess start() {
    try {
      Path folder = Files.createTempDirectory("writ-client-");
      Files.createDirectory(folder.resolve("policies"));
      Files.writeString(folder.resolve("policies/operator.yaml"), POLICY);
      Files.writeString(folder.resolve("owners.yaml"), OWNERS);
      int port = Ports.free();
      Path config =
          Files.writeString(
              folder.resolve("writ.yaml"),
              "listen: { port: %d, management-port: %d }%n".formatted(port, Ports.free()));
      return BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
          .args("serve", "--config", config.toString())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BrokerProcess process() {
    return Objects.requireNonNull(running, "not before the class's first test").process();
  }

  String url() {
    return process().url();
  }

  Path ca() {
    return process().data().resolve("bundle.pem");
  }

  Launcher operator() {
    Path token = process().data().resolve("operator-token");
    return Launcher.at(URI.create(url()), AgentScript.read(ca()), AgentScript.read(token).strip());
  }

  Reply launch() {
    return launch(Launch.of("operator").owner("group:platform"));
  }

  Reply launch(Launch launch) {
    try (Launcher operator = operator()) {
      return operator.launch(launch).expect(201);
    }
  }

  /** Launches an agent and has the script enrol as it; its UUID. */
  String enrol(AgentScript agent) {
    Reply launched = launch();
    AgentScript.Ended ended = agent.runWith(launched.text("enrolment_token") + "\n", "enrol");
    if (ended.code() != 0) {
      throw new AssertionError("not enrolled: " + ended);
    }
    return launched.text("id");
  }
}
