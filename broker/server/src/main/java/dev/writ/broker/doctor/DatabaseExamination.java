package dev.writ.broker.doctor;

import dev.writ.broker.remote.Deadline;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseFailure;
import dev.writ.broker.store.DatabaseHealth;
import dev.writ.broker.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The database that the node uses. */
final class DatabaseExamination implements Examination {
  private final Database database;

  DatabaseExamination(Database database) {
    this.database = database;
  }

  @Override
  public Area area() {
    return Area.DATABASE;
  }

  @Override
  public String subject() {
    return "server";
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    List<Finding> findings = new ArrayList<>();
    switch (database.health()) {
      case DatabaseHealth.Unreachable(String why) -> {
        return List.of(DatabaseFindings.unreachable(why));
      }
      case DatabaseHealth.ReadOnly _ -> findings.add(DatabaseFindings.readOnly());
      case DatabaseHealth.Ready(Duration offset) -> findings.add(clock(offset));
      case DatabaseHealth.ClockOff(Duration offset) -> findings.add(clock(offset));
    }
    try {
      findings.addAll(0, DatabaseFindings.of(database.facts()));
    } catch (DatabaseUnavailable | DatabaseFailure gone) {
      findings.add(DatabaseFindings.unreachable(String.valueOf(gone.getMessage())));
    }
    return findings;
  }

  private static Finding clock(Duration offset) {
    return Clocks.ofDatabase(Area.DATABASE, offset, DatabaseHealth.CLOCK_OFFSET_MAX);
  }
}
