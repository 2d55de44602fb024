package dev.writ.broker.doctor;

import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * This node's clock against a target's.
 *
 * @param subject the target
 * @param ahead this node's clock minus the target's
 */
record TargetClock(String subject, Function<Deadline, Learnt<Duration>> ahead)
    implements Examination {
  @Override
  public Area area() {
    return Area.CLOCK;
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    return List.of(Clocks.of(subject, ahead.apply(deadline)));
  }
}
