package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.github.Installation;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.WritCommand;
import dev.writ.fixtures.sts.FakeSts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows docs/onboarding.md with a GitHub and an AWS of its own: what it shows is what is printed.
 */
class OnboardingPageTest {
  private static final String PAGE = Documents.text("docs/onboarding.md");
  private static final Map<String, String> BEFORE = Map.of("contents", "write", "metadata", "read");
  private static final Map<String, String> AFTER =
      Map.of("contents", "write", "pull_requests", "write", "metadata", "read");

  @TempDir Path folder;

  private final FakeGitHub gitHub = FakeGitHub.start(GitHubOptions.defaults().enterprise());
  private final App app = gitHub.app("writ");
  private final Account acme = gitHub.organization("acme");
  private final Repository api = acme.repository("api");
  private final Repository web = acme.repository("web");
  private final Installation installation = app.install(acme, BEFORE).select(api);
  private final FakeSts.Account right = FakeSts.Account.right("acme.example");
  private final FakeSts sts = new FakeSts(right.actions("sts:AssumeRoleWithWebIdentity"));
  private final FakeServer site = FakeServer.http(0, this::publish);

  @AfterEach
  void stops() {
    gitHub.close();
    sts.close();
    site.close();
  }

  /** The folder that was exported, at {@code /sts}. */
  private Answer publish(FakeServer.Request request) {
    try {
      Path file = folder.resolve("site" + request.path().substring("/sts".length()));
      return Answer.json(200, Files.readString(file));
    } catch (IOException missing) {
      return Answer.json(404, "{}");
    }
  }

  @Test
  @Timeout(240)
  void each_step_prints_what_the_page_shows() throws Exception {
    Deque<String> commands = new ArrayDeque<>(Documents.blocks(PAGE, "sh onboarding"));
    Deque<String> shown = new ArrayDeque<>(Documents.blocks(PAGE, "text onboarding"));
    try (BrokerProcess broker = broker()) {
      assertTrue(broker.alive());
      check(commands, shown, 1);

      installation.permissions(AFTER).select(api, web);
      Thread.sleep(3_100);
      check(commands, shown, 0);

      run(commands.remove(), 0);
      check(commands, shown, 0);
      check(commands, shown, 1);

      sts.become(right);
      Thread.sleep(3_100);
      check(commands, shown, 0);
    }
    assertEquals(List.of(), List.copyOf(commands));
    assertEquals(List.of(), List.copyOf(shown));
  }

  private void check(Deque<String> commands, Deque<String> shown, int exit) throws Exception {
    String command = commands.remove();
    assertEquals(steady(shown.remove()), steady(asOnThePage(run(command, exit))), command);
  }

  /** With the page's configuration, but for where GitHub, STS and the site are. */
  private BrokerProcess broker() throws IOException {
    Path key = folder.resolve("app.pem");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, app.key().pem());
    Files.writeString(folder.resolve("github-ca.pem"), gitHub.caPem());
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(
        folder.resolve("policies/ci.yaml"),
        Documents.blocks(PAGE, "yaml onboarding-policy").get(0));
    String page = Documents.blocks(PAGE, "yaml onboarding").get(0);
    Files.writeString(
        folder.resolve("writ.yaml"),
        "listen: { port: %d, management-port: %d }\n".formatted(Ports.free(), Ports.free())
            + page.replace(
                    "\"12345\"",
                    "\"%d\"\n    api: %s\n    ca: github-ca.pem".formatted(app.id(), gitHub.url()))
                .replace("https://sts.eu-central-1.amazonaws.com", sts.url().toString())
                .replace("https://ids.acme.example", site.url().toString()));
    return BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
        .args("serve", "--config", folder.resolve("writ.yaml").toString())
        .start();
  }

  private String asOnThePage(String output) {
    return output
        .replace(gitHub.url().toString(), "https://api.github.com")
        .replace(gitHub.url().getAuthority(), "api.github.com")
        .replace(String.valueOf(app.id()), "12345")
        .replace(sts.url().toString(), "https://sts.eu-central-1.amazonaws.com")
        .replace(sts.url().getAuthority(), "sts.eu-central-1.amazonaws.com")
        .replace(site.url().toString(), "https://ids.acme.example")
        .replace(site.url().getAuthority(), "ids.acme.example");
  }

  /** Without what is another each time. */
  private static String steady(String output) {
    return output
        .replaceAll("20\\d\\d-[0-9T:-]+Z", "TIME")
        .replaceAll("\\d+ of 5000", "N of 5000")
        .replaceAll("\\d+ of \\d+ connections", "N of N connections")
        .replaceAll("[0-9.]+ MiB", "N MiB")
        .replaceAll("clock is 0\\.\\d s (ahead of|behind)", "clock is near");
  }

  private String run(String command, int exit) throws Exception {
    List<String> words = new ArrayList<>(List.of(command.strip().split(" +")));
    assertEquals("./writ", words.remove(0));
    words.addAll(0, List.of(WritCommand.words()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ended");
    assertEquals(exit, process.exitValue(), Files.readString(output));
    return Files.readString(output);
  }
}
