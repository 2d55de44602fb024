package dev.writ.broker.rotation;

import java.util.List;
import java.util.Optional;

/** Every slot of the deployment as this node sees it. */
@FunctionalInterface
public interface Slots {
  /** In the order in which they are shown. */
  List<Slot> all();

  default Optional<Slot> find(String id) {
    return all().stream().filter(slot -> slot.id().equals(id)).findFirst();
  }
}
