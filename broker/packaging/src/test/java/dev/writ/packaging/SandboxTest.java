package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.writ.fixtures.process.Scratch;
import dev.writ.packaging.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The broker, with a PostgreSQL of its own, in the sandbox of its unit, as a real systemd makes it.
 */
@Tag("long")
class SandboxTest {
  @RegisterExtension static final Installation INSTALLATION = new Installation();

  private final Scratch scratch = Scratch.make("writ-sandbox-");

  @AfterEach
  void delete() {
    scratch.delete();
  }

  @Test
  void the_unit_lets_the_broker_do_all_that_it_has_to() throws IOException {
    assumeTrue(Program.isRoot(), "only root may start a systemd of its own");
    assumeTrue(Files.isExecutable(Path.of("/lib/systemd/systemd")), "systemd is not installed");
    Files.setPosixFilePermissions(scratch.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

    Ended ended =
        Program.of(
                scratch.folder(),
                "bash",
                Path.of("src/test/resources/under-systemd.sh").toAbsolutePath().toString(),
                INSTALLATION.home().toString(),
                Repository.PACKAGING.resolve("systemd/writ.service").toString(),
                scratch.folder().toString())
            .run();

    assertTrue(Files.exists(scratch.path("seen")), ended::toString);
    String seen = Repository.text(scratch.path("seen"));
    String all = seen + Repository.text(scratch.path("said"));
    for (String fact :
        new String[] {
          "ready 200",
          "NoNewPrivs:\t1",
          "Seccomp:\t2",
          "CapEff:\t0000000000000000",
          "cached 1",
          "Result=success",
          "ExecMainStatus=0",
          "ActiveState=inactive"
        }) {
      assertTrue(seen.lines().anyMatch(fact::equals), () -> fact + "\n" + all);
    }
  }
}
