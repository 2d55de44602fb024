package dev.writ.broker.doctor;

import dev.writ.broker.remote.Deadline;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseHealth;
import java.time.Duration;
import java.util.List;

/** This node's clock against the database's. */
final class DatabaseClock implements Examination {
  private final Database database;

  DatabaseClock(Database database) {
    this.database = database;
  }

  @Override
  public Area area() {
    return Area.CLOCK;
  }

  @Override
  public String subject() {
    return "database";
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    return List.of(
        switch (database.health()) {
          case DatabaseHealth.Ready(Duration offset) -> judged(offset);
          case DatabaseHealth.ClockOff(Duration offset) -> judged(offset);
          case DatabaseHealth.ReadOnly _ ->
              Finding.warn(
                  area(), subject(), "The database is a standby.", "See `writ doctor database`.");
          case DatabaseHealth.Unreachable _ ->
              Finding.warn(
                  area(),
                  subject(),
                  "The database does not answer.",
                  "See `writ doctor database`.");
        });
  }

  private static Finding judged(Duration offset) {
    return Clocks.ofDatabase(Area.CLOCK, offset, DatabaseHealth.CLOCK_OFFSET_MAX);
  }
}
