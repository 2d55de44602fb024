package dev.writ.broker.doctor;

import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the copies of the STS issuer that others publish keep up, as of the last look at them.
 */
public final class IssuerWatch {
  private static final Duration LOOK_MAX = Duration.ofSeconds(20);

  private final List<IssuerCopy> copies;
  private final Map<URI, Double> behind = new ConcurrentHashMap<>();

  public IssuerWatch(List<IssuerCopy> copies) {
    this.copies = List.copyOf(copies);
    copies.forEach(copy -> behind.put(copy.issuer(), Double.NaN));
  }

  /** Looks at each. */
  public void turn() {
    for (IssuerCopy copy : copies) {
      behind.put(
          copy.issuer(),
          switch (copy.read(Deadline.in(LOOK_MAX))) {
            case Learnt.Known<IssuerCopy.State>(IssuerCopy.State state) ->
                state.behind() ? 1.0 : 0.0;
            case Learnt.Unknown<IssuerCopy.State> _ -> Double.NaN;
          });
    }
  }

  /** By issuer: 1 if a key that signs, or will, is missing there; NaN if that is not known. */
  public Map<URI, Double> behind() {
    return new TreeMap<>(behind);
  }
}
