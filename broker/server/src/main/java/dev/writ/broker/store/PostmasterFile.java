package dev.writ.broker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server says of itself in {@code postmaster.pid} (PostgreSQL's {@code pidfile.h}): its
 * process on line 1, its state on line 8. {@code pg_ctl -w} reads the same, ten times a second.
 */
record PostmasterFile(long pid, boolean ready) {
  private static final int STATE_LINE = 7;

  /** The file as it is now; empty while it is missing or only begun. */
  static Optional<PostmasterFile> read(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty() || !lines.getFirst().matches("\\d{1,10}")) {
        return Optional.empty();
      }
      boolean ready = lines.size() > STATE_LINE && lines.get(STATE_LINE).strip().equals("ready");
      return Optional.of(new PostmasterFile(Long.parseLong(lines.getFirst()), ready));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
