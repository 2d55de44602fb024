package dev.writ.broker.doctor;

import dev.writ.broker.remote.Deadline;
import java.util.List;

/**
 * Looks at one part of an area. Ends by the deadline, and tells of broken surroundings by findings.
 */
interface Examination {
  Area area();

  /** Of what findings say that it was not done, if it does not end in time. */
  String subject();

  List<Finding> examine(Deadline deadline);
}
