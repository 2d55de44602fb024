package dev.writ.broker.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** An envelope key in a file that may get further versions while the broker runs. */
final class WatchedEnvelope implements Sealer {
  private final Path file;
  private final String name;
  private volatile Read read;

  private record Read(EnvelopeFile key, FileTime changed) {}

  WatchedEnvelope(Path file, String name, EnvelopeFile first) {
    this.file = file;
    this.name = name;
    this.read = new Read(first, FileTime.fromMillis(0));
  }

  /** A file that is gone or broken keeps the key that was read last. */
  private EnvelopeFile now() {
    Read held = read;
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      if (!changed.equals(held.changed())) {
        held = new Read(EnvelopeFile.parse(new SecretFile(file).read(), name), changed);
        read = held;
      }
    } catch (IOException | KeyException unreadable) {
      return held.key();
    }
    return held.key();
  }

  @Override
  public String id() {
    return now().id();
  }

  @Override
  public byte[] seal(byte[] plaintext, byte[] context) {
    return now().seal(plaintext, context);
  }

  @Override
  public byte[] open(byte[] sealed, byte[] context) {
    return now().open(sealed, context);
  }

  @Override
  public Optional<byte[]> reseal(byte[] sealed, byte[] context) {
    return now().reseal(sealed, context);
  }

  @Override
  public String toString() {
    return now().toString();
  }
}
