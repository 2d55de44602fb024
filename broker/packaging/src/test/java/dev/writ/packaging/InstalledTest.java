package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.Scratch;
import dev.writ.packaging.Program.Ended;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is unpacked runs, for a user who may only read it. */
class InstalledTest {
  @RegisterExtension static final Installation INSTALLATION = new Installation();

  private static final String JAVA = System.getProperty("java.home");

  /** A JVM that cannot use its cache ends with an error, instead of going on without. */
  private static final String CACHE_OR_NOTHING = "-XX:AOTMode=on";

  private final Scratch scratch = Scratch.make("writ-installed-");
  private final Path folder = scratch.folder();

  @BeforeEach
  void openTheFolder() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void delete() {
    scratch.delete();
  }

  private Program writ(String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = INSTALLATION.file("bin/writ");
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return Program.of(folder, Program.withoutRights(words)).env("WRIT_JAVA_HOME", JAVA);
  }

  @Test
  void serves_launches_an_agent_and_drains() {
    scratch.write(
        "policies/operator.yaml",
        """
        name: operator
        lifetime: { agent: 1h, credential: 5m }
        launch: [ operator ]
        grants: [ { internal: { audience: "https://deploy.internal", scopes: [ read ] } } ]
        """);
    scratch.write("owners.yaml", "users: [ ada ]\n");
    scratch.write(
        "writ.yaml",
        "issuer: https://localhost:%1$d\nlisten: { port: %1$d, management-port: %2$d }\n"
            .formatted(Ports.free(), Ports.free()));
    Path data = scratch.path("data");
    scratch.write("data/.keep", "");
    Program.ownedByThem(data);
    String[] serve =
        Program.withoutRights(
            INSTALLATION.file("bin/writ"),
            "serve",
            "--config",
            scratch.path("writ.yaml").toString());

    try (BrokerProcess broker =
        BrokerProcess.command(data, serve)
            .env("WRIT_JAVA_HOME", JAVA)
            .env("WRIT_JAVA_OPTS", CACHE_OR_NOTHING)
            .start()) {
      String trust = Repository.text(data.resolve("bundle.pem"));
      String operator = Repository.text(data.resolve("operator-token")).strip();
      String enrolment;
      try (Launcher launcher = Launcher.at(URI.create(broker.url()), trust, operator)) {
        enrolment =
            launcher
                .launch(Launch.of("operator").owner("user:ada"))
                .expect(201)
                .text("enrolment_token");
      }
      agent(broker, "enrol").run(enrolment).expectDone();
      String token =
          agent(broker, "token", "--audience", "https://deploy.internal").run().expectDone();

      assertTrue(token.startsWith("ey"), token);
      assertEquals(Optional.of(0), broker.terminate(Duration.ofSeconds(20)));
    }
  }

  private Program agent(BrokerProcess broker, String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = INSTALLATION.file("bin/writ-agent");
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return Program.of(folder, words)
        .env("WRIT_URL", broker.url())
        .env("WRIT_CA", broker.data().resolve("bundle.pem").toString())
        .env("WRIT_AGENT_DIR", scratch.path("agent").toString());
  }

  @Test
  void says_what_it_is_and_can() {
    Ended version = writ("--version").env("WRIT_JAVA_OPTS", CACHE_OR_NOTHING).run();
    Ended help = writ("--help").run();

    assertEquals(
        "writ " + INSTALLATION.home().getFileName().toString().substring("writ-".length()) + "\n",
        version.expectDone());
    assertEquals("", version.err());
    assertTrue(help.expectDone().contains("migrate"), help::toString);
  }

  @Test
  void the_demo_and_the_benchmark_need_a_checkout() {
    Ended demo = writ("demo").run();

    assertEquals(2, demo.code());
    assertTrue(demo.err().contains("checkout"), demo::toString);
  }

  @Test
  void runs_without_any_shell() {
    Ended version =
        Program.of(
                INSTALLATION.home(),
                Program.withoutRights(
                    JAVA + "/bin/java", CACHE_OR_NOTHING, "@lib/serve.args", "--version"))
            .run();

    assertTrue(version.expectDone().startsWith("writ "), version::toString);
  }

  @Test
  void an_installation_that_was_not_prepared_has_its_cache_made_where_the_user_may_write()
      throws IOException {
    Path other = copy();
    Path caches = Program.ownedByThem(Files.createDirectory(scratch.path("caches")));
    Program version =
        Program.of(folder, Program.withoutRights(other.resolve("bin/writ").toString(), "--version"))
            .env("WRIT_JAVA_HOME", JAVA)
            .env("WRIT_CACHE", caches.toString());

    Ended first = version.run();
    Ended second = version.env("WRIT_JAVA_OPTS", CACHE_OR_NOTHING).run();

    assertEquals("writ: preparing a quicker start, once.\n", first.err());
    assertEquals(first.expectDone(), second.expectDone());
    assertEquals("", second.err());
  }

  /** With a cache that was made elsewhere a JVM can end at once: "sealing violation". */
  @Test
  void an_installation_that_was_moved_does_without_what_was_prepared() throws IOException {
    Path other = copy();
    Files.createSymbolicLink(other.resolve("lib/aot"), INSTALLATION.home().resolve("lib/aot"));

    Ended serve =
        Program.of(
                folder,
                Program.withoutRights(other.resolve("bin/writ").toString(), "serve", "--help"))
            .env("WRIT_JAVA_HOME", JAVA)
            .env("WRIT_CACHE", "/proc/none")
            .run();

    assertTrue(serve.expectDone().startsWith("Usage: writ serve"), serve::toString);
  }

  @Test
  void goes_without_a_cache_where_there_is_no_place_for_one() throws IOException {
    Path other = copy();
    Ended version =
        Program.of(folder, Program.withoutRights(other.resolve("bin/writ").toString(), "--version"))
            .env("WRIT_JAVA_HOME", JAVA)
            .env("WRIT_CACHE", "/proc/none")
            .run();

    assertTrue(version.expectDone().startsWith("writ "));
    assertEquals("", version.err());
  }

  @Test
  void preparing_is_for_whoever_installed_it() throws IOException {
    Path other = copy();
    Program.of(folder, "chmod", "-R", "a-w", other.toString()).run().expectDone();

    Ended prepare =
        Program.of(folder, Program.withoutRights(other.resolve("bin/writ").toString(), "prepare"))
            .env("WRIT_JAVA_HOME", JAVA)
            .run();

    assertEquals(1, prepare.code());
    assertTrue(prepare.err().contains("whoever installs Writ"), prepare::toString);
  }

  /** The installation without the caches of the JVM; the jars are links. */
  private Path copy() throws IOException {
    Path other = scratch.path("other");
    String jars =
        "mkdir -p other/bin other/lib && cp -p \"$1\"/bin/* other/bin/ && cp -p \"$1\"/lib/*.sh other/lib/"
            + " && ln -s \"$1\"/lib/*.jar other/lib/ && chmod -R u+w other";
    Program.of(folder, "sh", "-c", jars, "sh", INSTALLATION.home().toString()).run().expectDone();
    return other;
  }

  @Test
  void says_what_to_install_where_there_is_no_java_25() throws IOException {
    Path other = copy();
    Path finder = other.resolve("lib/find-jdk.sh");
    // The real search looks in the places of the machine that the test runs on, too.
    Files.writeString(finder, Repository.text(finder).replace("/usr/lib/jvm/* /opt/*jdk*", ""));
    Path java = scratch.write("old/bin/java", "#!/bin/sh\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    scratch.write("old/release", "JAVA_VERSION=\"21.0.1\"\n");

    Ended ended =
        Program.of(folder, other.resolve("bin/writ").toString(), "--version")
            .env("PATH", "/usr/bin:/bin")
            .env("JAVA_HOME", scratch.path("old").toString())
            .run();

    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("Install a JRE or JDK 25"), ended::toString);
    assertEquals("", ended.out());
  }

  @Test
  void is_content_with_a_jre() throws IOException {
    Path other = copy();
    Path java = scratch.write("jre/bin/java", "#!/bin/sh\nfor last; do :; done\necho \"$last\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    scratch.write("jre/release", "JAVA_VERSION=\"25.0.1\"\nIMAGE_TYPE=\"JRE\"\n");

    Ended ended =
        Program.of(folder, other.resolve("bin/writ").toString(), "what is typed")
            .env("WRIT_JAVA_HOME", scratch.path("jre").toString())
            .env("WRIT_CACHE", "/proc/none")
            .run();

    assertEquals("what is typed\n", ended.expectDone());
    assertFalse(Files.exists(other.resolve("lib/aot")));
  }
}
