package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.Scratch;
import dev.writ.packaging.Containerfile.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the container file says, and that what it starts starts, as a user who may write to data
 * alone.
 */
class ContainerTest {
  @RegisterExtension static final Installation INSTALLATION = new Installation();

  private static final Containerfile FILE =
      Containerfile.read(Repository.PACKAGING.resolve("container/Containerfile"));

  private final Scratch scratch = Scratch.make("writ-container-");

  @AfterEach
  void delete() {
    scratch.delete();
  }

  @Test
  void runs_as_a_user_who_is_a_number_and_not_root() {
    assertTrue(FILE.only("USER").rest().matches("[1-9]\\d{3,}:[1-9]\\d{3,}"), FILE::toString);
  }

  @Test
  void the_image_is_made_without_running_anything_in_it_so_it_needs_no_shell() {
    assertTrue(FILE.lastStage().stream().noneMatch(one -> one.keyword().equals("RUN")));
    for (String keyword : List.of("ENTRYPOINT", "CMD", "HEALTHCHECK")) {
      assertFalse(FILE.only(keyword).words().isEmpty(), keyword);
    }
  }

  @Test
  void what_it_copies_the_stage_before_has_made() {
    String made =
        FILE.instructions().stream()
            .filter(one -> one.keyword().equals("RUN") || one.keyword().equals("ADD"))
            .map(Instruction::rest)
            .reduce("", String::concat);
    for (Instruction copy :
        FILE.lastStage().stream().filter(one -> one.keyword().equals("COPY")).toList()) {
      List<String> words =
          Stream.of(copy.rest().split("\\s+")).filter(word -> !word.startsWith("--")).toList();
      assertTrue(copy.rest().startsWith("--from=prepared "), copy::rest);
      words
          .subList(0, words.size() - 1)
          .forEach(source -> assertTrue(made.contains(source), source));
    }
  }

  @Test
  void base_and_archive_are_arguments_and_nothing_is_secret() {
    List<String> stages =
        FILE.instructions().stream()
            .filter(one -> one.keyword().equals("FROM"))
            .map(Instruction::rest)
            .toList();

    assertEquals(List.of("${BASE} AS prepared", "${RUNTIME}"), stages);
    assertTrue(
        FILE.instructions().stream()
            .filter(one -> one.keyword().equals("ARG") || one.keyword().equals("ENV"))
            .noneMatch(one -> one.rest().matches("(?i).*(token|password|secret|_key).*")));
  }

  @Test
  void what_it_starts_serves_is_healthy_and_drains() throws IOException {
    Files.setPosixFilePermissions(scratch.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = Ports.free();
    int management = Ports.free();
    scratch.write(
        "writ.yaml",
        "issuer: https://localhost:%d\nlisten: { port: %d, management-port: %d }\n"
            .formatted(port, port, management));
    scratch.write("data/.keep", "");
    Path data = Program.ownedByThem(scratch.path("data"));
    List<String> words = new ArrayList<>(FILE.only("ENTRYPOINT").words());
    words.set(0, java());
    FILE.only("CMD").words().stream()
        .map(word -> word.replace("/etc/writ", scratch.folder().toString()))
        .forEach(words::add);

    List<String> health = new ArrayList<>(FILE.only("HEALTHCHECK").words());
    health.set(0, java());
    health.add("http://127.0.0.1:" + management + "/health/ready");
    Program healthy =
        Program.of(INSTALLATION.home(), Program.withoutRights(health.toArray(String[]::new)));
    try (BrokerProcess broker = start(data, words)) {
      assertEquals(0, healthy.run().code());
      assertEquals(Optional.of(0), broker.terminate(Duration.ofSeconds(20)));
    }
    assertEquals(1, healthy.run().code());
  }

  private static String java() {
    return System.getProperty("java.home") + "/bin/java";
  }

  /** In the image's working directory and with its environment. */
  private BrokerProcess start(Path data, List<String> words) {
    List<String> inPlace = new ArrayList<>(List.of("env", "-C", INSTALLATION.home().toString()));
    for (String variable : FILE.only("ENV").rest().split("\\s+")) {
      inPlace.add(variable.replace("/var/lib/writ", data.toString()));
    }
    inPlace.addAll(words);
    return BrokerProcess.command(data, Program.withoutRights(inPlace.toArray(String[]::new)))
        .start();
  }
}
