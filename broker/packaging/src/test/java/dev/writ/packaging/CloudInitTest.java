package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.Scratch;
import dev.writ.packaging.Program.Ended;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the machine's configuration writes and runs becomes an agent of a real broker. Instead of
 * the whole machine there is a folder: every path in the files is put below it, and what needs root
 * or systemd is a script that tells how it was called.
 */
class CloudInitTest {
  private static final Path FILE = Repository.PACKAGING.resolve("cloud-init/agent.yaml");
  private static final Path AGENT = Repository.ROOT.resolve("broker/client/writ-agent");

  /** What the smallest of the large clouds takes, in bytes. */
  private static final int USER_DATA_MAX = 16 * 1024;

  private static final Scratch BROKER_FILES = Scratch.make("writ-cloud-init-broker-");
  private static BrokerProcess broker;

  private final Scratch machine = Scratch.make("writ-cloud-init-");
  private final Path calls = machine.path("calls");

  @BeforeAll
  static void serve() {
    BROKER_FILES.write(
        "policies/operator.yaml",
        "name: operator\nlifetime: { agent: 1h, credential: 5m }\nlaunch: [ operator ]\n"
            + "grants: [ { internal: { audience: \"https://deploy.internal\", scopes: [ read ] } } ]\n");
    BROKER_FILES.write("owners.yaml", "users: [ ada ]\n");
    int port = Ports.free();
    Path config =
        BROKER_FILES.write(
            "writ.yaml",
            "issuer: https://localhost:%d\nlisten: { port: %d, management-port: %d }\n"
                .formatted(port, port, Ports.free()));
    broker =
        BrokerProcess.java("dev.writ.broker.Main", BROKER_FILES.path("data"))
            .args("serve", "--config", config.toString())
            .start();
  }

  @AfterAll
  static void stop() {
    broker.close();
    BROKER_FILES.delete();
  }

  @AfterEach
  void delete() {
    machine.delete();
  }

  private static JsonNode configuration() {
    return new ObjectMapper().valueToTree(Yaml.map(Repository.text(FILE)));
  }

  private static JsonNode file(String path) {
    for (JsonNode file : configuration().get("write_files")) {
      if (file.get("path").asText().equals(path)) {
        return file;
      }
    }
    throw new AssertionError("no " + path);
  }

  private static String content(String path) {
    return file(path).get("content").asText();
  }

  @Test
  void cloud_init_understands_every_key() {
    assumeTrue(
        Program.find("cloud-init").isPresent(),
        "cloud-init is not installed (Debian: cloud-init); the machine's configuration is not judged");
    Ended judged =
        Program.of(Repository.PACKAGING, "cloud-init", "schema", "--config-file", FILE.toString())
            .run();

    assertEquals(0, judged.code(), judged::toString);
  }

  @Test
  void leaves_room_in_the_user_data_for_what_is_filled_in() throws IOException {
    assertTrue(Files.size(FILE) < USER_DATA_MAX - 6 * 1024, () -> "size of " + FILE);
  }

  @Test
  void its_script_is_clean() throws IOException {
    assumeTrue(Program.find("shellcheck").isPresent(), "shellcheck is not installed");
    Path script = machine.write("start", content("/etc/writ-agent/start"));
    Ended judged =
        Program.of(machine.folder(), "shellcheck", "-e", "SC1091", script.toString()).run();

    assertEquals("", judged.out());
  }

  @Test
  void renews_by_the_unit_that_is_shipped() {
    assertEquals(
        Repository.text(Repository.PACKAGING.resolve("systemd/writ-agent-renew@.service")),
        content("/etc/systemd/system/writ-agent-renew@.service"));
  }

  @Test
  void the_token_is_root_s_alone() {
    JsonNode token = file("/run/writ-agent/token");

    assertEquals("0600", token.get("permissions").asText());
    assertFalse(token.has("owner"));
  }

  @Test
  void becomes_an_agent_and_starts_it() throws IOException {
    Reply launched = launch();
    Ended started = boot(launched.text("enrolment_token"), sha256());

    started.expectDone();
    Ended status =
        Program.of(machine.folder(), path("/usr/local/bin/writ-agent").toString(), "status")
            .env("WRIT_AGENT_DIR", path("/run/writ-agent/agent").toString())
            .run();
    assertTrue(status.expectDone().contains(launched.text("id")), status::toString);
    assertFalse(Files.exists(path("/run/writ-agent/token")));
    assertFalse(Files.exists(path("/run/writ-agent/refused")));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(path("/run/writ-agent/agent"))));
    assertEquals(
        "systemctl daemon-reload\n"
            + "systemctl enable --now writ-agent-renew@agent.service agent.service\n",
        Files.readString(calls).replaceAll("(?m)^(chown|runuser).*\n", ""));
  }

  @Test
  void a_token_that_is_refused_starts_nothing_and_is_removed() throws IOException {
    Ended started = boot("A".repeat(43), sha256());

    assertEquals(3, started.code(), started::toString);
    assertFalse(Files.exists(path("/run/writ-agent/token")));
    assertTrue(Files.readString(path("/run/writ-agent/refused")).startsWith("writ-agent: "));
    assertFalse(Files.readString(calls).contains("systemctl"));
  }

  @Test
  void a_program_that_is_not_the_one_that_was_meant_is_not_run() throws IOException {
    Ended started = boot(launch().text("enrolment_token"), "0".repeat(64));

    assertEquals(1, started.code(), started::toString);
    assertFalse(Files.exists(path("/usr/local/bin/writ-agent")));
    assertFalse(Files.exists(path("/run/writ-agent/token")));
  }

  private static Reply launch() {
    String trust = Repository.text(broker.data().resolve("bundle.pem"));
    String operator = Repository.text(broker.data().resolve("operator-token")).strip();
    try (Launcher launcher = Launcher.at(URI.create(broker.url()), trust, operator)) {
      return launcher.launch(Launch.of("operator").owner("user:ada")).expect(201);
    }
  }

  private static String sha256() {
    return Program.of(Repository.ROOT, "sha256sum", AGENT.toString())
        .run()
        .expectDone()
        .substring(0, 64);
  }

  private Path path(String absolute) {
    return machine.path("root" + absolute);
  }

  /** Writes the files and runs the commands. */
  private Ended boot(String token, String sha256) throws IOException {
    Map<String, String> filled = new LinkedHashMap<>();
    filled.put("https://writ.example:8443", broker.url());
    filled.put("https://downloads.example/writ-agent", "file://" + AGENT);
    filled.put("=0{64}", "=" + sha256);
    filled.put("FILL IN: the broker's trust bundle, bundle.pem", bundle());
    filled.put("FILL-IN-the-enrolment-token", token);
    filled.put("--proto =https ", ""); // the download is a file here
    for (JsonNode file : configuration().get("write_files")) {
      String text = file.get("content").asText();
      for (Map.Entry<String, String> one : filled.entrySet()) {
        text = text.replaceAll(one.getKey(), one.getValue());
      }
      Path written = machine.write("root" + file.get("path").asText(), rooted(text));
      Files.setPosixFilePermissions(written, permissions(file.get("permissions").asText()));
    }
    Files.createDirectories(path("/usr/local/bin"));
    for (String command : List.of("systemctl", "chown", "runuser")) {
      String then = command.equals("runuser") ? "shift 3\nexec \"$@\"\n" : "";
      Path stub =
          machine.write(
              "stubs/" + command,
              "#!/bin/sh\necho \"" + command + " $*\" >>'" + calls + "'\n" + then);
      Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(calls, "");
    JsonNode commands = configuration().get("runcmd");
    assertEquals(1, commands.size());
    List<String> words = new ArrayList<>();
    commands.get(0).forEach(word -> words.add(rooted(word.asText())));
    return Program.of(machine.folder(), words.toArray(String[]::new))
        .env("PATH", machine.path("stubs") + ":" + System.getenv("PATH"))
        .run();
  }

  private static String bundle() {
    return Repository.text(broker.data().resolve("bundle.pem"));
  }

  private String rooted(String text) {
    return text.replaceAll("(?<![\\w:/])/(?=(etc|run|usr/local)/)", machine.path("root") + "/");
  }

  private static Set<PosixFilePermission> permissions(String octal) {
    StringBuilder letters = new StringBuilder();
    for (char digit : octal.substring(1).toCharArray()) {
      int bits = digit - '0';
      letters.append((bits & 4) > 0 ? 'r' : '-').append((bits & 2) > 0 ? 'w' : '-');
      letters.append((bits & 1) > 0 ? 'x' : '-');
    }
    return PosixFilePermissions.fromString(letters.toString());
  }
}
