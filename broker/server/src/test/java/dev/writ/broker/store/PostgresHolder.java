package dev.writ.broker.store;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A broker's process as far as its database goes: starts it, commits one note, says so, and waits
 * to be killed.
 */
public final class PostgresHolder {
  private PostgresHolder() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(arguments[0]));
    EmbeddedPostgresTest.insert(postgres, arguments[1]);
    System.out.println(postgres.pid());
    new CountDownLatch(1).await();
  }
}
