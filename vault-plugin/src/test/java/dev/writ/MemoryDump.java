package dev.writ;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Pictures of another process's memory. */
final class MemoryDump {
  private static final int BLOCK = 1 << 16;

  private MemoryDump() {}

  /** Every object, the dead ones that were not collected yet, too. */
  static Path heap(long pid, Path file) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    run(jcmd, Long.toString(pid), "GC.heap_dump", "-all", file.toString());
    return file;
  }

  /**
   * What a core of it would have: all that it can write to, heap, stacks and what C allocated,
   * while it stands still. Blocks of zeros, of which a JVM has gigabytes, are left out.
   */
  static Path core(long pid, Path file) throws IOException, InterruptedException {
    run("kill", "-STOP", Long.toString(pid));
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r");
        OutputStream out = Files.newOutputStream(file)) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
        List<String> words = List.of(line.split("\\s+"));
        if (words.get(1).startsWith("rw")) {
          String[] range = words.get(0).split("-");
          copy(memory, Long.parseLong(range[0], 16), Long.parseLong(range[1], 16), out);
        }
      }
    } finally {
      run("kill", "-CONT", Long.toString(pid));
    }
    return file;
  }

  private static void copy(RandomAccessFile memory, long from, long to, OutputStream out)
      throws IOException {
    byte[] block = new byte[BLOCK];
    byte[] zeros = new byte[BLOCK];
    for (long at = from; at < to; at += BLOCK) {
      memory.seek(at);
      int read = memory.read(block, 0, (int) Math.min(BLOCK, to - at));
      if (read > 0 && !Arrays.equals(block, 0, read, zeros, 0, read)) {
        out.write(block, 0, read);
      }
    }
  }

  private static void run(String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IllegalStateException(words[0] + " failed");
    }
  }
}
