package dev.writ.broker.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.doctor.Finding.Status;
import dev.writ.broker.remote.Learnt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClocksTest {
  private static Finding ahead(int seconds) {
    return Clocks.of("GitHub", Learnt.known(Duration.ofSeconds(seconds)));
  }

  @Test
  void ten_seconds_are_allowed_thirty_are_a_warning_more_is_a_failure() {
    assertEquals(Status.OK, ahead(10).status());
    assertEquals(Status.OK, ahead(-10).status());
    assertEquals(Status.WARN, ahead(11).status());
    assertEquals(Status.WARN, ahead(-30).status());
    assertEquals(Status.FAIL, ahead(31).status());
  }

  @Test
  void a_clock_that_is_off_is_told_in_seconds_with_what_to_do() {
    Finding off = ahead(-300);

    assertTrue(off.found().startsWith("This node's clock is 300 s behind its. Up to 10 s"));
    assertTrue(off.remedy().contains("chronyc tracking"));
  }

  @Test
  void a_clock_that_is_not_known_is_a_warning() {
    assertEquals(Status.WARN, Clocks.of("GitHub", Learnt.silent("it sleeps")).status());
  }
}
