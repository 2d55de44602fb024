package dev.writ.broker.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersFileTest {
  @TempDir Path folder;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Path file = Path.of("");

  private final OwnerSource.Listener listener =
      new OwnerSource.Listener() {
        @Override
        public boolean delivered(OwnerSource.Snapshot snapshot) {
          return told.add(String.valueOf(snapshot.definition().users()));
        }

        @Override
        public void broken(String source, List<Problem> problems) {
          told.add("broken: " + problems.getFirst());
        }
      };

  @BeforeEach
  void choose() {
    file = folder.resolve("owners.yaml");
  }

  @Test
  void delivers_the_file_at_the_start_and_when_it_changes() throws Exception {
    Files.writeString(file, "users: [ ada ]");
    try (OwnersFile owners = new OwnersFile(file, Clock.systemUTC())) {
      owners.start(listener);
      assertEquals("[ada]", told.poll());

      Files.writeString(file, "users: [ grace ]");
      assertEquals("[grace]", told.poll(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void says_once_that_the_file_is_broken_and_delivers_the_mended_one() throws Exception {
    Files.writeString(file, "users: [ ada ]");
    try (OwnersFile owners = new OwnersFile(file, Clock.systemUTC())) {
      owners.start(listener);
      told.clear();

      Files.writeString(file, "users: [ ada");
      assertTrue(String.valueOf(told.poll(5, TimeUnit.SECONDS)).startsWith("broken: line 1"));
      assertEquals(null, told.poll(2500, TimeUnit.MILLISECONDS));

      Files.writeString(file, "users: [ ada ]");
      assertEquals("[ada]", told.poll(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void says_that_the_file_is_missing() {
    try (OwnersFile owners = new OwnersFile(file, Clock.systemUTC())) {
      owners.start(listener);
      assertEquals("broken: the file is missing", told.poll());
    }
  }
}
