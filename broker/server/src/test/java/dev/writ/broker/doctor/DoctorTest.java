package dev.writ.broker.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DoctorTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private Instant now = START;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  private record Scripted(Area area, String subject, Function<Deadline, List<Finding>> found)
      implements Examination {
    @Override
    public List<Finding> examine(Deadline deadline) {
      return found.apply(deadline);
    }
  }

  private static List<Finding> fine(Area area) {
    return List.of(Finding.ok(area, "it", "All is well."));
  }

  private static Set<Finding.Status> statuses(Doctor.Report report) {
    Set<Finding.Status> statuses = EnumSet.noneOf(Finding.Status.class);
    report.findings().forEach(one -> statuses.add(one.status()));
    return statuses;
  }

  @Test
  void findings_are_handed_out_again_until_they_are_too_old() {
    AtomicInteger runs = new AtomicInteger();
    Doctor doctor =
        new Doctor(
            List.of(
                new Scripted(
                    Area.CLOCK,
                    "it",
                    deadline -> {
                      runs.incrementAndGet();
                      return fine(Area.CLOCK);
                    })),
            clock);

    doctor.examine(Set.of(Area.CLOCK));
    now = START.plus(Doctor.KEPT).minusMillis(1);
    assertEquals(START, doctor.examine(Set.of(Area.CLOCK)).orElseThrow().at());
    assertEquals(1, runs.get());
    now = START.plus(Doctor.KEPT);
    assertEquals(now, doctor.examine(Set.of(Area.CLOCK)).orElseThrow().at());
    assertEquals(2, runs.get());
  }

  @Test
  void only_what_was_asked_for_is_looked_at_and_told() {
    Doctor doctor =
        new Doctor(
            List.of(
                new Scripted(Area.CLOCK, "it", deadline -> fine(Area.CLOCK)),
                new Scripted(
                    Area.AWS,
                    "it",
                    deadline -> {
                      throw new AssertionError("nobody asked");
                    })),
            clock);

    assertEquals(fine(Area.CLOCK), doctor.examine(Set.of(Area.CLOCK)).orElseThrow().findings());
  }

  @Test
  void looks_run_side_by_side() {
    CountDownLatch both = new CountDownLatch(2);
    Function<Deadline, List<Finding>> waits =
        deadline -> {
          both.countDown();
          try {
            both.await();
          } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            return List.of();
          }
          return fine(Area.CLOCK);
        };
    Doctor doctor =
        new Doctor(
            List.of(new Scripted(Area.CLOCK, "a", waits), new Scripted(Area.CLOCK, "b", waits)),
            clock);

    assertEquals(2, doctor.examine(Set.of(Area.CLOCK)).orElseThrow().findings().size());
  }

  @Test
  void a_look_that_fails_is_a_finding_and_harms_no_other() {
    Doctor doctor =
        new Doctor(
            List.of(
                new Scripted(
                    Area.CLOCK,
                    "broken",
                    deadline -> {
                      throw new IllegalStateException("secret");
                    }),
                new Scripted(Area.CLOCK, "it", deadline -> fine(Area.CLOCK))),
            clock);

    Doctor.Report report = doctor.examine(Set.of(Area.CLOCK)).orElseThrow();

    assertEquals(EnumSet.of(Finding.Status.OK, Finding.Status.FAIL), statuses(report));
    assertTrue(report.findings().get(0).found().contains("failed"));
    assertTrue(!report.toString().contains("secret"));
  }

  @Test
  @Timeout(20)
  void a_look_that_does_not_end_is_given_up_in_time() {
    Doctor doctor =
        new Doctor(
            List.of(
                new Scripted(
                    Area.CLOCK,
                    "slow",
                    deadline -> {
                      try {
                        Thread.sleep(Duration.ofMinutes(5));
                      } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                      }
                      return List.of();
                    })),
            clock);
    long begun = System.nanoTime();

    Doctor.Report report = doctor.examine(Set.of(Area.CLOCK)).orElseThrow();

    long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    assertTrue(seconds <= Doctor.RUN_MAX.toSeconds() + 1, seconds + " s");
    assertEquals("The check was not done within 10 seconds.", report.findings().get(0).found());
  }
}
