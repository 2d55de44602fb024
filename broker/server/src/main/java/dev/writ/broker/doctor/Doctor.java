package dev.writ.broker.doctor;

import dev.writ.broker.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Examines a node's surroundings: all at once, in bounded time, one run at a time. Findings are
 * kept for some seconds, so that whoever asks again and again asks no target.
 */
public final class Doctor {
  private static final Logger log = LoggerFactory.getLogger(Doctor.class);

  /** Of one run. */
  public static final Duration RUN_MAX = Duration.ofSeconds(10);

  /** What examinations have of it, so that their last words are heard. */
  private static final Duration ASKING_MAX = Duration.ofMillis(9_500);

  /** How long findings are handed out again. */
  static final Duration KEPT = Duration.ofSeconds(3);

  private final List<Examination> examinations;
  private final Clock clock;
  private final ReentrantLock running = new ReentrantLock();
  private final Map<Area, Examined> kept = new EnumMap<>(Area.class);

  private record Examined(List<Finding> findings, Instant at) {}

  /**
   * What was found.
   *
   * @param at of the oldest finding
   */
  public record Report(List<Finding> findings, Instant at) {
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("checks", findings.stream().map(Finding::json).toList());
      json.put("checked_at", at.toString());
      return json;
    }
  }

  Doctor(List<Examination> examinations, Clock clock) {
    this.examinations = List.copyOf(examinations);
    this.clock = clock;
  }

  /**
   * Takes at most {@link #RUN_MAX}, and as long again if another run is on.
   *
   * @return empty if others keep it busy
   */
  public Optional<Report> examine(Set<Area> areas) {
    try {
      if (!running.tryLock(RUN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      Instant now = clock.instant();
      kept.values().removeIf(one -> !now.isBefore(one.at.plus(KEPT)));
      run(areas.stream().filter(area -> !kept.containsKey(area)).sorted().toList(), now);
      return Optional.of(report(areas));
    } finally {
      running.unlock();
    }
  }

  private Report report(Set<Area> areas) {
    List<Examined> examined = areas.stream().sorted().map(this::kept).toList();
    return new Report(
        examined.stream().flatMap(one -> one.findings.stream()).toList(),
        examined.stream()
            .map(Examined::at)
            .min(Comparator.naturalOrder())
            .orElseGet(clock::instant));
  }

  private Examined kept(Area area) {
    return Optional.ofNullable(kept.get(area)).orElseThrow();
  }

  private void run(List<Area> areas, Instant now) {
    areas.forEach(area -> kept.put(area, new Examined(List.of(), now)));
    List<Examination> wanted =
        examinations.stream().filter(one -> areas.contains(one.area())).toList();
    Deadline deadline = Deadline.in(ASKING_MAX);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<List<Finding>>> running =
          wanted.stream().map(one -> threads.submit(() -> one.examine(deadline))).toList();
      Deadline end = Deadline.in(RUN_MAX);
      for (int i = 0; i < wanted.size(); i++) {
        List<Finding> found = await(wanted.get(i), running.get(i), end);
        kept.merge(wanted.get(i).area(), new Examined(found, now), Doctor::joined);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Examined joined(Examined one, Examined other) {
    List<Finding> all = new ArrayList<>(one.findings);
    all.addAll(other.findings);
    return new Examined(List.copyOf(all), one.at);
  }

  private static List<Finding> await(
      Examination examination, Future<List<Finding>> running, Deadline end) {
    try {
      return running.get(end.left(RUN_MAX).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return notDone(examination, "was not done within " + RUN_MAX.toSeconds() + " seconds");
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return notDone(examination, "was not done: this node is stopping");
    } catch (ExecutionException failed) {
      log.warn("Examining {} failed", examination.subject(), failed.getCause());
      return notDone(examination, "failed; the broker's log has more");
    }
  }

  private static List<Finding> notDone(Examination examination, String why) {
    return List.of(
        Finding.fail(
            examination.area(), examination.subject(), "The check " + why + ".", "Ask again."));
  }
}
