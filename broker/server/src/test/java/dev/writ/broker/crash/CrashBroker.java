package dev.writ.broker.crash;

import dev.writ.broker.Broker;
import dev.writ.fixtures.fault.SlowTarget;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code CrashBroker CONFIG TARGET}: a node that mints at a {@link SlowTarget}, made to be killed.
 */
public final class CrashBroker {
  private CrashBroker() {}

  public static void main(String[] arguments) throws InterruptedException {
    Broker broker =
        Broker.start(
            NodeFiles.config(Path.of(arguments[0])),
            List.of(new SlowMinter(URI.create(arguments[1]))));
    System.out.println("ready " + broker.url());
    new CountDownLatch(1).await();
  }
}
