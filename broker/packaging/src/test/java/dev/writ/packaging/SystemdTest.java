package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.writ.packaging.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units, as systemd itself reads and judges them. */
class SystemdTest {
  private static final Path UNITS = Repository.PACKAGING.resolve("systemd");
  private static final String BROKER = "writ.service";
  private static final String RENEWAL = "writ-agent-renew@.service";

  /** Tenths on systemd's scale, on which 100 is a service without any sandbox. */
  private static final String EXPOSURE_MAX = "15";

  private static final int DRAIN_SECONDS = 15;

  @TempDir Path folder;

  @BeforeEach
  void systemdIsHere() {
    assumeTrue(
        Program.find("systemd-analyze").isPresent(),
        "systemd-analyze is not installed (Debian: systemd); the units are not judged");
  }

  /** {@code systemd-analyze} wants the programs that a unit starts to be there. */
  private Path installed(String unit, String as) throws IOException {
    String text =
        Repository.text(UNITS.resolve(unit))
            .replace("/opt/writ/bin/writ", "/bin/true")
            .replace("/usr/local/bin/writ-agent", "/bin/true");
    return Files.writeString(folder.resolve(as), text);
  }

  private Ended analyze(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "systemd-analyze";
    System.arraycopy(words, 0, all, 1, words.length);
    return Program.of(folder, all).run();
  }

  @Test
  void systemd_understands_every_line() throws IOException {
    for (Path unit :
        new Path[] {
          installed(BROKER, BROKER), installed(RENEWAL, "writ-agent-renew@daemon.service")
        }) {
      Ended verified = analyze("verify", "--man=no", unit.toString());

      assertEquals("", verified.err());
      assertEquals(0, verified.code());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {BROKER, RENEWAL})
  void a_unit_leaves_little_open(String unit) {
    Ended judged =
        analyze(
            "security",
            "--offline=true",
            "--no-pager",
            "--threshold=" + EXPOSURE_MAX,
            UNITS.resolve(unit).toString());

    assertEquals(0, judged.code(), judged::toString);
  }

  @Test
  void the_broker_has_longer_to_stop_than_it_drains() {
    String unit = Repository.text(UNITS.resolve(BROKER));
    String stop = unit.replaceAll("(?s).*\nTimeoutStopSec=(\\d+)\n.*", "$1");

    assertTrue(Integer.parseInt(stop) > DRAIN_SECONDS, stop);
    assertTrue(unit.contains("\nKillMode=mixed\n"));
  }

  @Test
  void secrets_come_as_credentials_and_never_in_the_environment() {
    String unit = Repository.text(UNITS.resolve(BROKER));

    assertTrue(unit.contains("\nLoadCredential=secret:/etc/writ/credentials\n"));
    assertTrue(unit.lines().filter(line -> line.startsWith("Environment")).count() == 1);
    assertTrue(unit.contains("\nLimitCORE=0\n"));
  }
}
