package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.s3.RadosGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class DemoTest {
  private static final String TOLD = "Every step came out as told";
  private static final String PATH = System.getenv("PATH");

  /** JWTs, tokens of Writ and of GitHub, AWS secrets (40 characters), and session tokens. */
  private static final List<Pattern> CREDENTIALS =
      Stream.of(
              "eyJ[A-Za-z0-9_-]{20,}",
              "writ_[a-z]+_[A-Za-z0-9_-]{20,}",
              "gh[a-z]_[A-Za-z0-9._-]{10,}",
              "(?<![A-Za-z0-9+/=._-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=._-])",
              "[A-Za-z0-9+/=_-]{100,}",
              "-----BEGIN",
              "SecretAccessKey|SessionToken")
          .map(Pattern::compile)
          .toList();

  @TempDir Path folder;

  @Test
  void without_an_s3_store_it_says_how_to_see_it_and_comes_out_as_told() throws Exception {
    try (DemoRun demo = DemoRun.start(folder, DemoRun.without(folder, DemoRun.STORE))) {
      String screen = demo.ends(0);

      tells(screen);
      String line = "AWS: left out. To see it: apt-get install ";
      List<String> aws = screen.lines().filter(one -> one.contains(line)).toList();
      assertEquals(1, aws.size(), screen);
      assertTrue(aws.getFirst().endsWith("ceph-common ceph-mon ceph-osd radosgw awscli"), screen);
      assertFalse(screen.contains("s3 cp") || screen.contains("CloudTrail"), screen);
      leavesNothing(demo);
    }
  }

  @Test
  void what_stay_prints_works_when_it_is_pasted_and_an_interrupt_leaves_nothing() throws Exception {
    try (DemoRun demo = DemoRun.start(folder, PATH, "--stay")) {
      String screen = demo.until("\nask deploy:read; echo\n");
      tells(screen);
      boolean store = hasStore();
      assertEquals(store, screen.contains("all is well"), screen);
      assertEquals(store, screen.contains("writ blame - < cloudtrail-event.json"), screen);

      String pasted = paste(screen.substring(screen.indexOf("\nmkdir -p ")));

      assertTrue(pasted.contains("[new branch]      HEAD -> agents-work"), pasted);
      assertTrue(pasted.contains("denied by operator@1 (repositories)"), pasted);
      assertEquals(store, pasted.contains("all is well"), pasted);
      assertTrue(pasted.contains("\"scope\":\"deploy:read\""), pasted);
      assertTrue(pasted.contains("\"reason\":\"agent_killed\""), pasted);
      demo.interrupt();
      demo.ends(130);
      leavesNothing(demo);
    }
  }

  /** While servers start, and while the agent works in the background. */
  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"  1  Writ starts", " sleep 600 &"})
  void an_interrupt_in_the_middle_leaves_nothing(String moment) throws Exception {
    try (DemoRun demo = DemoRun.start(folder, PATH)) {
      demo.until(moment);
      demo.interrupt();
      assertFalse(demo.ends(130).contains(TOLD), demo::screen);
      leavesNothing(demo);
    }
  }

  private static boolean hasStore() {
    boolean aws =
        Stream.of(PATH.split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, "aws")));
    return aws && RadosGateway.missing().isEmpty();
  }

  private String paste(String commands) throws Exception {
    Path output = folder.resolve("pasted");
    Process shell =
        new ProcessBuilder("sh", "-eu", "-c", commands)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(shell.waitFor(90, TimeUnit.SECONDS), "the shell ended");
    assertEquals(0, shell.exitValue(), Files.readString(output));
    return Files.readString(output);
  }

  /** Here git cannot push. */
  @Test
  void a_step_that_goes_wrong_is_told_and_only_logs_are_left() throws Exception {
    String path = DemoRun.without(folder, Set.of("git", "radosgw"));
    Path git = Path.of(path, "git");
    String real = which("git");
    Files.writeString(
        git, "#!/bin/sh\n[ \"$1\" != push ] || exit 9\nexec '%s' \"$@\"\n".formatted(real));
    Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (DemoRun demo = DemoRun.start(folder, path)) {
      String screen = demo.ends(1);

      assertTrue(screen.contains("This did not come out as told. Step 5"), screen);
      assertFalse(screen.contains(TOLD), screen);
      assertEquals(List.of(), demo.processes());
      List<Path> others =
          demo.left().stream()
              .filter(file -> !file.toString().matches(".*[.]std(out|err)"))
              .toList();
      assertEquals(1, others.size(), others.toString());
      assertTrue(others.getFirst().getFileName().toString().startsWith("writ-demo-"));
    }
  }

  private static String which(String program) {
    return Stream.of(PATH.split(":"))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  @Test
  void without_git_it_says_so_and_begins_nothing() throws Exception {
    String path = DemoRun.without(folder, Set.of("git"));
    try (DemoRun demo = DemoRun.start(folder, path)) {
      String screen = demo.ends(1);

      assertEquals(
          List.of(
              "writ demo: git not found. Install git, such as with apt-get install git, and try again."),
          screen.lines().toList());
      leavesNothing(demo);
    }
  }

  @Test
  void refuses_other_arguments() throws Exception {
    try (DemoRun demo = DemoRun.start(folder, PATH, "--fast")) {
      assertTrue(demo.ends(2).contains("unknown arguments: --fast"), demo::screen);
    }
  }

  /** What is so with and without a store. */
  private static void tells(String screen) {
    for (String told :
        List.of(
            TOLD,
            "GitHub: played by a server",
            "enrolled: spiffe://localhost/agent/",
            "[new branch]      HEAD -> fix-4711",
            "ended, and 0 of them are good",
            "denied by operator@1 (repositories): asked for github acme/web contents read",
            "denied by operator@1 (scopes)",
            "\"result\":\"revoked\"",
            "This agent was killed by operator",
            "hashed_token: ",
            "held `contents:write on acme/api`",
            "group:platform answers for it; on duty was")) {
      assertTrue(screen.contains(told), () -> told + "\n" + screen);
    }
    String story = screen.substring(0, screen.indexOf(TOLD));
    for (Pattern credential : CREDENTIALS) {
      assertFalse(credential.matcher(story).find(), () -> credential + "\n" + story);
    }
    assertEquals(List.of(), story.lines().filter(line -> line.length() > 100).toList());
    assertFalse(screen.contains("\u001b["), "colour off a terminal");
  }

  private static void leavesNothing(DemoRun demo) throws IOException {
    assertEquals(List.of(), demo.left());
    assertEquals(List.of(), demo.processes());
  }
}
