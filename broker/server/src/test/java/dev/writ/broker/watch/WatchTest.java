package dev.writ.broker.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir Path folder;

  @Test
  void tells_a_change_that_leaves_size_and_modification_time_as_they_were() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "one");
    FileTime time = Files.getLastModifiedTime(file);
    BlockingQueue<FileContent> told = new LinkedBlockingQueue<>();
    try (WatchedFile watched = new WatchedFile(file, OFTEN)) {
      watched.start(told::add);
      assertEquals("one", text(told));

      Files.writeString(file, "two");
      Files.setLastModifiedTime(file, time);
      assertEquals("two", text(told));
    }
  }

  @Test
  void does_not_tell_that_a_file_was_touched() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "one");
    BlockingQueue<FileContent> told = new LinkedBlockingQueue<>();
    try (WatchedFile watched = new WatchedFile(file, OFTEN)) {
      watched.start(told::add);
      text(told);

      Files.writeString(file, "one");
      assertNull(told.poll(300, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void tells_that_a_file_was_replaced_removed_or_is_no_text() throws Exception {
    Path file = folder.resolve("a");
    BlockingQueue<FileContent> told = new LinkedBlockingQueue<>();
    try (WatchedFile watched = new WatchedFile(file, OFTEN)) {
      watched.start(told::add);
      assertInstanceOf(FileContent.Missing.class, told.poll(5, TimeUnit.SECONDS));

      Path other = Files.writeString(folder.resolve("b"), "new");
      Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
      assertEquals("new", text(told));

      Files.write(file, new byte[] {(byte) 0xff});
      // A write is not atomic: the empty file may be seen in between.
      FileContent next = told.poll(5, TimeUnit.SECONDS);
      if (next instanceof FileContent.Text) {
        next = told.poll(5, TimeUnit.SECONDS);
      }
      assertEquals(new FileContent.Unreadable("not UTF-8 text"), next);
    }
  }

  @Test
  void tells_again_what_a_listener_could_not_take() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "one");
    AtomicInteger calls = new AtomicInteger();
    BlockingQueue<FileContent> told = new LinkedBlockingQueue<>();
    try (WatchedFile watched = new WatchedFile(file, OFTEN)) {
      watched.start(content -> {
        if (calls.incrementAndGet() == 2) {
          throw new IllegalStateException("the database is down");
        }
        told.add(content);
      });
      text(told);

      Path other = Files.writeString(folder.resolve("b"), "two");
      Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
      assertEquals("two", text(told));
      assertEquals(3, calls.get());
    }
  }

  @Test
  void tells_a_folder_as_a_whole_without_hidden_files_and_other_suffixes() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), "a");
    Files.writeString(folder.resolve(".hidden.yaml"), "x");
    Files.writeString(folder.resolve("README.md"), "x");
    Files.createDirectory(folder.resolve("below.yaml"));
    BlockingQueue<FolderContent> told = new LinkedBlockingQueue<>();
    try (WatchedFolder watched = new WatchedFolder(folder, List.of(".yaml"), OFTEN)) {
      watched.start(told::add);
      assertEquals(Set.of("a.yaml"), names(told));

      Files.move(Files.writeString(folder.resolve("b"), "b"), folder.resolve("b.yaml"));
      assertEquals(Set.of("a.yaml", "b.yaml"), names(told));

      Files.delete(folder.resolve("a.yaml"));
      assertEquals(Set.of("b.yaml"), names(told));
    }
  }

  @Test
  void tells_that_a_folder_is_missing() throws Exception {
    BlockingQueue<FolderContent> told = new LinkedBlockingQueue<>();
    try (WatchedFolder watched =
        new WatchedFolder(folder.resolve("none"), List.of(".yaml"), OFTEN)) {
      watched.start(told::add);
      assertInstanceOf(FolderContent.Missing.class, told.poll(5, TimeUnit.SECONDS));
    }
  }

  private static String text(BlockingQueue<FileContent> told) throws InterruptedException {
    FileContent content = told.poll(5, TimeUnit.SECONDS);
    if (content instanceof FileContent.Text(String text, String _) && text.isEmpty()) {
      return text(told);
    }
    return assertInstanceOf(FileContent.Text.class, content).text();
  }

  private static Set<String> names(BlockingQueue<FolderContent> told) throws InterruptedException {
    FolderContent content = told.poll(5, TimeUnit.SECONDS);
    assertNotNull(content);
    return assertInstanceOf(FolderContent.Documents.class, content).files().keySet();
  }
}
