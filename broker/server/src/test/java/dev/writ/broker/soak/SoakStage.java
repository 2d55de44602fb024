package dev.writ.broker.soak;

import dev.writ.broker.client.AgentScript;
import dev.writ.broker.client.Sh;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.git.GitServer;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.MintFault;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.resource.SampleResourceServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A broker with its own PostgreSQL, a GitHub, a resource server, and an S3 store where there can be
 * one. What agents are given lives for a minute. Their SVIDs live for a minute and a half: between
 * a third and a half of it is left when they are due, and on a busy machine a restart takes long.
 */
final class SoakStage implements AutoCloseable {
  private static final String AUDIENCE = "https://deploy.internal";
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final String POLICY =
      """
      name: operator
      lifetime: { agent: 4h, credential: 1m }
      launch: [ operator ]
      owners: [ "user:ada" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
        - github: { account: acme, repositories: [ acme/api ], permissions: { contents: write } }
        - aws:
            role: arn:aws:iam:::role/soak
            allow:
              - { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/in/*" ] }
      """;

  private final Deque<Runnable> opened = new ArrayDeque<>();
  private final Path folder;
  private final int port = Ports.free();
  private final FakeGitHub github =
      open(FakeGitHub.start(GitHubOptions.defaults().enterprise()), FakeGitHub::close);
  private final GitServer git = open(GitServer.beside(github), GitServer::close);
  private final Repository repository;
  private final Optional<Store> store;
  private final BrokerProcess broker;
  private final BrokerProcess resourceServer;

  /**
   * @param withStore whether there is a radosgw
   */
  SoakStage(Path folder, boolean withStore) throws IOException {
    this.folder = folder;
    App app = github.app("writ", AppKey.generate());
    Account acme = github.organization("acme");
    repository = acme.repository("api");
    app.install(acme, Map.of("contents", "write", "metadata", "read"));
    store = withStore ? Optional.of(open(new Store(issuer()), Store::close)) : Optional.empty();
    Path config = configuration(app);
    broker =
        open(
            BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
                .args("serve", "--config", config.toString())
                .start(),
            BrokerProcess::close);
    export(config);
    resourceServer =
        open(
            BrokerProcess.java(SampleResourceServer.class.getName(), folder.resolve("deploy"))
                .args("--issuer", broker.url(), "--audience", AUDIENCE)
                .args("--trust", bundle().toString(), "--ca-out", resourceCa().toString())
                .args("--scope", "GET=deploy:read")
                .readyLine("^ready (https://\\S+)")
                .start(),
            BrokerProcess::close);
  }

  private Path configuration(App app) throws IOException {
    Path key = folder.resolve("app.pem");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, app.key().pem());
    Files.writeString(folder.resolve("github-ca.pem"), github.caPem());
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(folder.resolve("policies/operator.yaml"), POLICY);
    Files.writeString(folder.resolve("owners.yaml"), "users: [ ada ]\n");
    return Files.writeString(
        folder.resolve("writ.yaml"),
        """
        listen: { port: %d, management-port: %d }
        data: data
        limits: { svid-lifetime: 90s }
        github: [ { api: "%s", app-id: "%d", key: "file:app.pem", accounts: [ acme ], ca: github-ca.pem } ]
        """
                .formatted(port, Ports.free(), github.url(), app.id())
            + store.map(Store::section).orElse(""));
  }

  /** What the store trusts, as files that do not need the broker. */
  private void export(Path config) throws IOException {
    BrokerProcess exporting =
        BrokerProcess.java("dev.writ.broker.Main", folder.resolve("exporting"))
            .args("issuer", "export", issuer().toString(), "--config", config.toString())
            .readyLine("(.*)")
            .start();
    if (!exporting.awaitExit(STOP).equals(Optional.of(0))) {
      throw new IOException(Files.readString(exporting.stderr()));
    }
  }

  private Path issuer() {
    return folder.resolve("issuer");
  }

  private Path bundle() {
    return folder.resolve("data/bundle.pem");
  }

  private Path resourceCa() {
    return folder.resolve("deploy-ca.pem");
  }

  FakeGitHub github() {
    return github;
  }

  Optional<Store> store() {
    return store;
  }

  /**
   * An agent that runs a script of this package as its command until that file is there.
   *
   * @param until appearing, it ends the script
   */
  AgentScript.Running start(String script, Path until) throws IOException {
    AgentScript agent =
        AgentScript.under(Sh.DASH, Files.createDirectory(folder.resolve(script)))
            .env("WRIT_URL", broker.url())
            .env("WRIT_CA", bundle().toString())
            .env("GIT_SSL_CAINFO", folder.resolve("github-ca.pem").toString())
            .env("REPOSITORY", git.url(repository).toString())
            .env("RESOURCE", resourceServer.url())
            .env("RESOURCE_CA", resourceCa().toString())
            .env("STORE", store.map(one -> one.s3().toString()).orElse(""))
            .env("UNTIL", until.toString());
    String token = Files.readString(folder.resolve("data/operator-token")).strip();
    try (Launcher operator =
        Launcher.at(URI.create(broker.url()), Files.readString(bundle()), token)) {
      String enrolment =
          operator
              .launch(Launch.of("operator").owner("user:ada"))
              .expect(201)
              .text("enrolment_token");
      AgentScript.Ended enrolled = agent.runWith(enrolment + "\n", "enrol");
      if (enrolled.code() != 0) {
        throw new IOException(enrolled.err());
      }
    }
    List<String> targets =
        switch (script) {
          case "git.sh" -> List.of("--repo", git.url().getAuthority() + "/acme/api");
          case "aws.sh" -> List.of("--role", Store.ROLE);
          default -> List.of();
        };
    List<String> words = new ArrayList<>(List.of("exec"));
    words.addAll(targets);
    words.addAll(List.of("--", "sh", "-c", text(script)));
    return agent.start("", words.toArray(String[]::new));
  }

  private static String text(String script) throws IOException {
    try (var in = SoakStage.class.getResourceAsStream(script)) {
      return new String(Objects.requireNonNull(in, script).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** SIGTERM, and a new start on the same data. */
  void restartBroker() {
    broker.terminate(STOP);
    broker.restart();
  }

  /** kill -9 of the postmaster; the broker starts another. */
  void killDatabase() throws IOException {
    List<String> pid = Files.readAllLines(folder.resolve("data/db/cluster/postmaster.pid"));
    ProcessHandle.of(Long.parseLong(pid.getFirst())).orElseThrow().destroyForcibly();
  }

  /** The targets give nothing for now, though git and objects can be had. */
  void targetsAway(boolean away) {
    if (away) {
      github.everyMint(new MintFault.Refused(503, "Service Unavailable"));
    } else {
      github.heal();
    }
    store.ifPresent(one -> one.away(away));
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
