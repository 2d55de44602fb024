package dev.writ.broker.trace;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The spans of one request. Belongs to the thread that answers it. */
public abstract class Trace implements AutoCloseable {
  private static final ThreadLocal<@Nullable Trace> CURRENT = new ThreadLocal<>();

  /** Of a request that is not traced. */
  static final Trace NONE = new None();

  Trace() {}

  /**
   * One step of what this thread's request goes through, until it is closed:
   *
   * <pre>{@code
   * try (var _ = Trace.step("attenuate")) { … }
   * }</pre>
   */
  public static Step step(String name) {
    Trace trace = CURRENT.get();
    return trace == null ? Step.NONE : trace.begin(name);
  }

  /** Says which agent this thread's request comes from. */
  public static void of(UUID agent) {
    Trace trace = CURRENT.get();
    if (trace != null) {
      trace.from(agent);
    }
  }

  /** A span under the one that is open. */
  public interface Step extends AutoCloseable {
    /** Of a request that is not traced. */
    Step NONE = () -> {};

    @Override
    void close();
  }

  /** Makes it the one that this thread works on. */
  final Trace enter() {
    CURRENT.set(this);
    return this;
  }

  /** Its id, 32 hexadecimal digits; empty if the request is not traced. */
  public abstract Optional<String> id();

  /** Says how the request was answered. */
  public abstract void answered(int status);

  @Override
  public final void close() {
    CURRENT.remove();
    end();
  }

  abstract Step begin(String name);

  abstract void from(UUID agent);

  abstract void end();

  private static final class None extends Trace {
    @Override
    public Optional<String> id() {
      return Optional.empty();
    }

    @Override
    public void answered(int status) {}

    @Override
    Step begin(String name) {
      return Step.NONE;
    }

    @Override
    void from(UUID agent) {}

    @Override
    void end() {}
  }
}
