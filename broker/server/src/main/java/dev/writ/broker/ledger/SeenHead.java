package dev.writ.broker.ledger;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.writ.broker.keys.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The highest row that this node ever saw, kept over restarts. A database that does not have it has
 * lost committed rows (a failover to a replica that was behind): the node refuses to work on it.
 * Losing the file loses that memory, nothing else; altering it makes the node refuse to work.
 */
public final class SeenHead {

  /**
   * @param hash SHA-256, 32 bytes
   */
  record Head(long sequence, byte[] hash) {}

  private static final Logger log = LoggerFactory.getLogger(SeenHead.class);

  private final Path file;
  private final AtomicReference<Head> head;
  private volatile boolean lost;
  private long saved;

  private SeenHead(Path file, Head head) {
    this.file = file;
    this.head = new AtomicReference<>(head);
    this.saved = head.sequence();
  }

  /**
   * @param file need not exist
   * @throws IOException if it exists and cannot be read
   */
  public static SeenHead load(Path file) throws IOException {
    try {
      String[] words = Files.readString(file).strip().split(" ");
      return new SeenHead(file, head(Long.parseLong(words[0]), HexFormat.of().parseHex(words[1])));
    } catch (NoSuchFileException none) {
      return new SeenHead(file, new Head(0, Digests.sha256(new byte[0])));
    } catch (RuntimeException unreadable) {
      throw new IOException(
          file
              + " should hold a row number and a hash and does not. Restore it, or remove it if the database is known to be whole.",
          unreadable);
    }
  }

  private static Head head(long sequence, byte[] hash) {
    if (sequence < 0 || hash.length != 32) {
      throw new IllegalArgumentException("no such row");
    }
    return new Head(sequence, hash);
  }

  /**
   * Whether the database was found to lack rows that this node saw. Nothing is issued then until an
   * operator has looked into it and started the node again.
   */
  public boolean lost() {
    return lost;
  }

  void markLost() {
    if (!lost) {
      lost = true;
      log.error(loss());
    }
  }

  /** What was lost, and what to do. */
  String loss() {
    return "The database has lost rows that this node saw: row "
        + sequence()
        + " is not in it, or is another one there. It was restored from a backup, or failed over to a copy that was"
        + " behind. Stop all nodes and start them on the database that has the row; if there is none, docs/runbook.md"
        + " says what to do (WritLedgerLost). What this node saw is in "
        + file;
  }

  /** Number of the highest row that this node saw; 0 before the first. */
  public long sequence() {
    return head.get().sequence();
  }

  Head get() {
    return head.get();
  }

  void advance(long sequence, byte[] hash) {
    head.accumulateAndGet(
        new Head(sequence, hash), (old, seen) -> seen.sequence() > old.sequence() ? seen : old);
  }

  /**
   * Writes the memory down; called about once a second and at the end. A crash leaves the old file
   * or the new one, whole.
   */
  public synchronized void save() {
    Head now = head.get();
    if (now.sequence() == saved) {
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    String text = now.sequence() + " " + HexFormat.of().formatHex(now.hash()) + "\n";
    try {
      try (FileChannel channel = FileChannel.open(fresh, CREATE, WRITE, TRUNCATE_EXISTING)) {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      saved = now.sequence();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
