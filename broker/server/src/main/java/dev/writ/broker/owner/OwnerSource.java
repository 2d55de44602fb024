package dev.writ.broker.owner;

import dev.writ.document.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Where owners are administered. It delivers whole documents, each with the source's own version,
 * and says when it can not. The file is one implementation, a Keycloak realm is the other.
 */
public interface OwnerSource extends AutoCloseable {

  /** Is told what the source says; calls come one after the other. */
  interface Listener {
    /**
     * The source's present document, delivered at the start and at each change.
     *
     * @return whether it counts from now on
     */
    boolean delivered(Snapshot snapshot);

    /**
     * The document that was delivered last is still the present one; told only by sources that can
     * be away.
     *
     * @param readAt when the source was asked
     */
    default void confirmed(String version, Instant readAt) {}

    /**
     * The source cannot be read, or says something broken; told once. What was delivered before
     * still counts.
     */
    void broken(String source, List<Problem> problems);
  }

  /**
   * A whole document.
   *
   * @param version of the source: a realm's own number, or the SHA-256 of a file; equal versions
   *     have equal content
   * @param kept names of groups that stay as they are, for what the source says of them is broken
   * @param readAt when the source was last known to say this
   */
  record Snapshot(String version, OwnersDefinition definition, Set<String> kept, Instant readAt) {
    public Snapshot {
      kept = Set.copyOf(kept);
    }
  }

  /** Starts delivery; the first call to the listener has been made when this returns. */
  void start(Listener listener);

  /** Ends delivery. */
  @Override
  void close();
}
