package dev.writ.broker.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;

/**
 * All that a command reads and writes of the process around it.
 *
 * @param out its character set decides whether human text may use more than ASCII
 * @param zone in which people here read times
 * @param colour whether {@code out} is a terminal whose user wants colours
 */
public record Surroundings(
    Map<String, String> environment,
    Path directory,
    InputStream in,
    PrintStream out,
    PrintStream err,
    ZoneId zone,
    boolean colour) {

  /** Set by the launcher script, which knows whether standard output is a terminal. */
  private static final String TERMINAL_PROPERTY = "writ.terminal";

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this JVM. */
  public static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    boolean colour =
        Boolean.getBoolean(TERMINAL_PROPERTY)
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Surroundings(
        environment,
        Path.of("").toAbsolutePath(),
        System.in,
        stream(FileDescriptor.out, "stdout.encoding"),
        stream(FileDescriptor.err, "stderr.encoding"),
        ZoneId.systemDefault(),
        colour);
  }

  /** Off a terminal the JVM leaves the encoding open; the locale's is what others expect there. */
  private static PrintStream stream(FileDescriptor descriptor, String encodingProperty) {
    String encoding =
        System.getProperty(encodingProperty, System.getProperty("native.encoding", "UTF-8"));
    return new PrintStream(new FileOutputStream(descriptor), true, Charset.forName(encoding));
  }

  /** Whether human text may use box-drawing characters and the like. */
  boolean unicode() {
    return out.charset().newEncoder().canEncode('\u2514');
  }
}
