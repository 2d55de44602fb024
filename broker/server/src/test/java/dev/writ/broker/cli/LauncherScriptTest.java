package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code writ}, in a checkout whose Maven and JDK are scripts that tell how they were
 * called.
 */
class LauncherScriptTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().resolve("../..").normalize();
  private static final String JAR = "broker/server/target/writ-broker-1.jar";

  @TempDir Path folder;
  private Path checkout;
  private Path jdk;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = folder.resolve("check out");
    for (String source :
        List.of(
            "broker/policy/src/main/A",
            "broker/server/src/main/B",
            "test-fixtures/src/main/C",
            "vault-plugin/src/main/D",
            "pom.xml",
            "broker/policy/pom.xml",
            "broker/server/pom.xml",
            "test-fixtures/pom.xml",
            "vault-plugin/pom.xml")) {
      write(source, "source");
      age(source, 60);
    }
    Files.copy(ROOT.resolve("writ"), checkout.resolve("writ"));
    executable(checkout.resolve("writ"));
    Files.createDirectories(checkout.resolve(".mvn"));
    Files.copy(ROOT.resolve(".mvn/find-jdk.sh"), checkout.resolve(".mvn/find-jdk.sh"));
    Files.createDirectories(checkout.resolve("broker/packaging"));
    Files.copy(
        ROOT.resolve("broker/packaging/launch.sh"), checkout.resolve("broker/packaging/launch.sh"));
    executable(
        write(
            "mvnw",
            """
            #!/bin/sh
            cat
            echo "maven $*, MAVEN_ARGS=${MAVEN_ARGS-none}"
            cd "$(dirname "$0")"
            mkdir -p broker/server/target/lib vault-plugin/target/lib test-fixtures/target/lib
            touch broker/server/target/writ-broker-1.jar test-fixtures/target/writ-test-fixtures-1.jar
            touch vault-plugin/target/writ-vault-plugin-1.jar
            exit "${MAVEN_EXIT:-0}"
            """));
    jdk = checkout.resolve("jdk");
    write("jdk/release", "JAVA_VERSION=\"25.0.3\"\n");
    executable(write("jdk/bin/javac", "#!/bin/sh\n"));
    executable(
        write(
            "jdk/bin/java",
            """
            #!/bin/sh
            for argument; do echo "[$argument]"; done
            exit 6
            """));
  }

  private Path write(String file, String text) throws IOException {
    Path path = checkout.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private void age(String file, int secondsAgo) throws IOException {
    Files.setLastModifiedTime(
        checkout.resolve(file), FileTime.from(Instant.now().minusSeconds(secondsAgo)));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended run(Path directory, Map<String, String> environment, String... words) {
    try {
      ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().put("PATH", "/usr/bin:/bin");
      builder.environment().put("HOME", folder.toString());
      builder.environment().put("WRIT_JAVA_HOME", jdk.toString());
      builder.environment().putAll(environment);
      Path err = Files.createTempFile(folder, "err", "");
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), out, Files.readString(err));
    } catch (IOException e) {
      throw new AssertionError("the script could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private Ended writ(String... arguments) {
    return writ(Map.of(), arguments);
  }

  private Ended writ(Map<String, String> environment, String... arguments) {
    List<String> words = new ArrayList<>(List.of(checkout.resolve("writ").toString()));
    words.addAll(List.of(arguments));
    return run(folder, environment, words.toArray(String[]::new));
  }

  private static boolean built(Ended ended) {
    return ended.err().startsWith("writ: building, once");
  }

  @Test
  void builds_once_and_says_so_on_standard_error_only() {
    Ended first = writ("agent", "ls");
    Ended second = writ("agent", "ls");

    assertTrue(first.err().startsWith("writ: building, once"), first::toString);
    assertTrue(first.out().endsWith("[dev.writ.broker.Main]\n[agent]\n[ls]\n"), first::toString);
    assertEquals("", second.err());
    assertEquals(first.out(), second.out());
  }

  @Test
  void builds_again_when_a_source_is_newer_but_not_for_what_is_not_run() throws IOException {
    writ("agent", "ls");
    age(JAR, 30);
    age("broker/server/target/writ-built", 30);

    age("test-fixtures/src/main/C", 10);
    assertEquals("", writ("agent", "ls").err());
    age("broker/policy/src/main/A", 10);
    assertTrue(built(writ("agent", "ls")));
    assertEquals("", writ("agent", "ls").err());
  }

  @Test
  void a_jar_that_maven_left_alone_is_not_built_forever() throws IOException {
    writ("agent", "ls");
    age(JAR, 600);

    assertEquals("", writ("agent", "ls").err());
  }

  @Test
  void leaves_standard_input_to_the_command() throws IOException {
    executable(write("jdk/bin/java", "#!/bin/sh\ncat\n"));

    Ended ended =
        run(
            folder,
            Map.of(),
            "sh",
            "-c",
            "echo credential | '" + checkout.resolve("writ") + "' blame --token-file -");

    assertTrue(built(ended));
    assertEquals("credential\n", ended.out());
  }

  @Test
  void prepares_a_quicker_start_once_per_jar_and_does_without_where_it_cannot() throws IOException {
    assertTrue(writ("agent", "ls").out().startsWith("[-XX:+UseSerialGC]"));
    assertTrue(writ("agent", "ls").out().contains("[-Xshare:auto]"));

    Path cache = checkout.resolve("broker/server/target/writ.aot");
    age("broker/server/target/writ.aot", 30);
    executable(
        write(
            "jdk/bin/java",
            """
            #!/bin/sh
            for argument; do
              case $argument in -XX:AOTCacheOutput=*) echo made >"${argument#*=}" ;; esac
              echo "[$argument]"
            done
            """));
    Ended again = writ("agent", "ls");

    assertEquals("writ: preparing a quicker start, once.\n", again.err());
    assertTrue(again.out().contains("[-XX:AOTCache=" + cache + "]"), again.out());
    assertEquals("", writ("agent", "ls").err());
  }

  @Test
  void prepares_the_broker_s_start_by_serving_until_it_is_ready() throws IOException {
    writ("agent", "ls");
    executable(
        write(
            "jdk/bin/java",
            """
            #!/bin/sh
            for argument; do
              case $argument in -XX:AOTCacheOutput=*) cache=${argument#*=} ;; esac
            done
            if [ -z "${cache-}" ]; then
              for argument; do echo "[$argument]"; done
              exit
            fi
            trap 'cat writ-training/policies/*.yaml >"$cache"; echo "$*" >>"$cache"; exit 0' TERM
            echo "Writ is ready at https://localhost:1"
            while :; do sleep 0.1; done
            """));

    Ended ended = writ("serve", "--port", "1");

    assertEquals("writ: preparing a quicker start of the broker, once.\n", ended.err());
    Path cache = checkout.resolve("broker/server/target/writ-serve.aot");
    String practised = Files.readString(cache);
    assertTrue(practised.startsWith("name: training"), practised);
    assertTrue(practised.contains("-XX:+UseParallelGC"), practised);
    assertTrue(practised.contains("serve --port 0 --management-port 0"), practised);
    assertTrue(ended.out().startsWith("[-XX:+UseParallelGC]"), ended.out());
    for (String guard :
        List.of(
            "[-XX:+DisableAttachMechanism]",
            "[-XX:-HeapDumpOnOutOfMemoryError]",
            "[-XX:-CreateCoredumpOnCrash]")) {
      assertTrue(ended.out().contains(guard), ended.out());
    }
    assertTrue(ended.out().contains("[-XX:AOTCache=" + cache + "]"), ended.out());
    assertTrue(Files.notExists(cache.resolveSibling("writ-training")));
    assertEquals("", writ("serve", "--port", "1").err());
  }

  @Test
  void a_failed_build_runs_nothing_and_ends_with_1() {
    Ended failed = writ(Map.of("MAVEN_EXIT", "1"), "agent", "ls");

    assertEquals(1, failed.code());
    assertEquals("", failed.out());
    assertTrue(failed.err().contains("\nmaven "), failed::toString);
    assertTrue(failed.err().endsWith("\nwrit: the build failed; see above.\n"), failed::toString);
  }

  @Test
  void gives_maven_s_arguments_to_any_maven_once() throws IOException {
    writ(Map.of("MAVEN_ARGS", "-o -Dmaven.repo.local=/r"), "agent", "ls");

    String called = Files.readString(checkout.resolve("broker/server/target/writ-build.log"));
    assertTrue(called.contains("-o -Dmaven.repo.local=/r package, MAVEN_ARGS=none"), called);
  }

  @Test
  void becomes_the_jvm_with_every_argument_as_it_was_and_its_exit_code() {
    Ended ended = writ("blame", "", "a b", "*", "$x");

    assertEquals(6, ended.code());
    assertTrue(
        ended.out().endsWith("[dev.writ.broker.Main]\n[blame]\n[]\n[a b]\n[*]\n[$x]\n"),
        ended.out());
  }

  @Test
  void runs_demo_and_bench_with_the_fixtures_and_nothing_else_so() {
    Ended demo = writ("demo", "--stay");
    Ended bench = writ("bench");
    Ended other = writ("agent", "demo");

    assertTrue(demo.out().endsWith("[dev.writ.fixtures.demo.Demo]\n[--stay]\n"), demo.out());
    assertTrue(demo.out().contains("writ-test-fixtures-1.jar"), demo.out());
    assertTrue(bench.out().endsWith("[dev.writ.fixtures.bench.Bench]\n"), bench.out());
    assertTrue(other.out().endsWith("[dev.writ.broker.Main]\n[agent]\n[demo]\n"), other.out());
    assertTrue(!other.out().contains("test-fixtures"), other.out());
  }

  @Test
  void works_through_symlinks_and_from_any_directory() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("relative"), Path.of("../check out/writ"));
    Files.createSymbolicLink(bin.resolve("writ"), Path.of("relative"));
    Map<String, String> onPath = new TreeMap<>(Map.of("PATH", bin + ":/usr/bin:/bin"));

    Ended ended = run(Path.of("/"), onPath, "sh", "-c", "writ agent ls");

    assertEquals(6, ended.code(), ended::toString);
    assertTrue(ended.out().contains("[-Dwrit.home=" + checkout + "]"), ended.out());
    assertEquals(6, run(checkout, Map.of(), "sh", "writ", "agent", "ls").code());
  }

  @Test
  void says_what_to_install_where_there_is_no_jdk_25() throws IOException {
    write("jdk/release", "JAVA_VERSION=\"21.0.1\"\n");
    // The real search looks in the places of the machine that the test runs on, too.
    Files.writeString(
        checkout.resolve(".mvn/find-jdk.sh"),
        Files.readString(checkout.resolve(".mvn/find-jdk.sh"))
            .replace("/usr/lib/jvm/* /opt/*jdk*", ""));

    Ended ended = writ("agent", "ls");

    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("JDK 25 was not found"), ended.err());
    assertEquals("", ended.out());
  }
}
