package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of the server and its data when processes end without a word, and as whom it runs.
 */
class EmbeddedPostgresProcessTest {
  private static final String NOBODY = "65534";

  @TempDir Path folder;

  @Test
  void ends_the_server_and_keeps_all_commits_when_the_broker_is_killed() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/usr/bin/setpriv")),
        "no setpriv: the server outlives a killed broker until the next start");
    Path data = folder.resolve("data");
    Process broker =
        new ProcessBuilder(holder(System.getProperty("java.class.path"), data, "kept")).start();
    ProcessHandle server = serverOf(broker);

    broker.destroyForcibly().waitFor();

    assertTrue(Processes.endsWithin(server, Duration.ofSeconds(10)));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertEquals(List.of("kept"), EmbeddedPostgresTest.notes(postgres));
    }
  }

  @Test
  void keeps_all_commits_when_broker_and_server_are_killed_at_once() throws Exception {
    Path data = folder.resolve("data");
    Process broker =
        new ProcessBuilder(holder(System.getProperty("java.class.path"), data, "kept")).start();
    ProcessHandle server = serverOf(broker);

    server.destroyForcibly();
    broker.destroyForcibly().waitFor();

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertEquals(List.of("kept"), EmbeddedPostgresTest.notes(postgres));
    }
  }

  @Test
  void stops_a_server_that_an_earlier_broker_left_behind() throws Exception {
    Path data = folder.resolve("data");
    EmbeddedPostgres.start(data).close();
    List<String> command = new ArrayList<>(PostgresUser.prefix());
    Path cluster = data.resolve("db/cluster").toRealPath();
    command.addAll(
        List.of(
            PostgresBinaries.unpacked(folder).resolve("bin/postgres").toString(),
            "-D",
            cluster.toString(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "port=" + EmbeddedPostgres.freePort(),
            "-c",
            "unix_socket_directories="));
    Process leftover =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("leftover.log").toFile())
            .start();
    while (PostmasterFile.read(cluster.resolve("postmaster.pid"))
        .filter(PostmasterFile::ready)
        .isEmpty()) {
      assertTrue(leftover.isAlive(), Files.readString(folder.resolve("leftover.log")));
      Thread.sleep(20);
    }

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertFalse(leftover.isAlive());
      assertEquals(List.of(), EmbeddedPostgresTest.notes(postgres));
    }
  }

  @Test
  void runs_as_an_ordinary_user() throws Exception {
    assumeTrue(
        PrivateFolders.user() == 0,
        "not root: every other test here runs as an ordinary user already");
    open(folder);
    Path data = folder.resolve("data");
    Path home = Files.createDirectory(folder.resolve("home"));
    for (Path path : List.of(Files.createDirectory(data), home)) {
      Files.setAttribute(path, "unix:uid", Integer.valueOf(NOBODY));
    }
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    List<String> holder = holder(copyOfClassPath(), data, "mine");
    holder.add(1, "-Duser.home=" + home);
    command.addAll(holder);
    Process broker =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      ProcessHandle server = serverOf(broker);

      assertEquals("nobody", server.info().user().orElseThrow());
      assertEquals(
          Integer.valueOf(NOBODY), Files.getAttribute(data.resolve("db/cluster"), "unix:uid"));
    } finally {
      broker.destroyForcibly().waitFor();
    }
  }

  @Test
  void says_what_to_do_where_root_may_not_have_a_user_namespace() {
    DatabaseSetupException refusal =
        assertThrows(
            DatabaseSetupException.class,
            () ->
                PostgresUser.explainRefusal("unshare: unshare failed: Operation not permitted\n"));

    assertTrue(
        refusal
            .getMessage()
            .startsWith(
                "This machine refuses user namespaces (unshare: unshare failed: Operation not permitted)."));
    for (String remedy :
        List.of("run the broker as an ordinary user", "user.max_user_namespaces", "--database")) {
      assertTrue(refusal.getMessage().contains(remedy), refusal.getMessage());
    }
  }

  @Test
  void says_which_folder_keeps_root_without_its_rights_out() throws Exception {
    assumeTrue(PrivateFolders.user() == 0, "not root: PostgreSQL has the broker's own rights");
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(closed, "unix:uid", Integer.valueOf(NOBODY));

    DatabaseSetupException refusal =
        assertThrows(
            DatabaseSetupException.class, () -> EmbeddedPostgres.start(closed.resolve("data")));

    assertTrue(refusal.getMessage().contains(closed + " is closed to it"), refusal.getMessage());
  }

  private static List<String> holder(String classPath, Path data, String note) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ArrayList<>(
        List.of(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classPath,
            PostgresHolder.class.getName(),
            data.toString(),
            note));
  }

  private static ProcessHandle serverOf(Process broker) throws IOException {
    BufferedReader output = broker.inputReader();
    String pid = output.readLine();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** Another user cannot enter root's home, where the build's jars lie. */
  private String copyOfClassPath() throws IOException {
    Path jars = Files.createDirectory(folder.resolve("jars"));
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path copy = jars.resolve(copies.size() + "-" + Path.of(entry).getFileName());
      copy(Path.of(entry), copy);
      copies.add(copy.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.exists(from) ? Files.walk(from) : Stream.empty()) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(
            target,
            PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  private static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
