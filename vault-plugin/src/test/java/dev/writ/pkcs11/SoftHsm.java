package dev.writ.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * SoftHSM 2 with tokens of its own, administered by the usual tools. A module is initialized once
 * in a process, so all tests of a JVM share its folder, and each makes tokens of its own.
 */
public final class SoftHsm {
  public static final String PIN = "2468-writ";
  private static final Path[] MODULES = {
    Path.of("/usr/lib/softhsm/libsofthsm2.so"),
    Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path.of("/usr/lib64/pkcs11/libsofthsm2.so")
  };

  private static final class Holder {
    static final SoftHsm ONLY = new SoftHsm();
  }

  private final Path folder;
  private final Path configuration;

  private SoftHsm() {
    try {
      folder = Files.createTempDirectory("writ-softhsm-");
      Files.createDirectory(folder.resolve("tokens"));
      configuration = folder.resolve("softhsm2.conf");
      Files.writeString(
          configuration,
          "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n"
              .formatted(folder.resolve("tokens")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    setenv("SOFTHSM2_CONF", configuration.toString());
    Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
  }

  /** The test is skipped where it is not installed. */
  public static SoftHsm orSkip() {
    Assumptions.assumeTrue(
        isInstalled("softhsm2-util") && isInstalled("pkcs11-tool") && Files.exists(module()),
        "SoftHSM 2 or OpenSC is not installed (Debian: apt-get install softhsm2 opensc)");
    return Holder.ONLY;
  }

  static Path module() {
    return Stream.of(MODULES).filter(Files::exists).findFirst().orElse(MODULES[0]);
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** For a process that is to use the same tokens: {@code SOFTHSM2_CONF}. */
  public Path configuration() {
    return configuration;
  }

  /** A token whose PIN is {@link #PIN}. */
  public SoftHsm token(String label) {
    run(
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        label,
        "--so-pin",
        "security-officer",
        "--pin",
        PIN);
    return this;
  }

  /** As {@code pkcs11-tool --keypairgen} makes it: two halves with an id, no certificate. */
  public SoftHsm pair(String token, String type, String label, String id) {
    tool(token, "--keypairgen", "--key-type", type, "--label", label, "--id", id);
    return this;
  }

  public SoftHsm aes(String token, int bytes, String label, String id) {
    tool(token, "--keygen", "--key-type", "AES:" + bytes, "--label", label, "--id", id);
    return this;
  }

  /** A private key from elsewhere, as {@code softhsm2-util --import} stores it. */
  public SoftHsm imported(String token, Path pkcs8Pem, String label, String id) {
    run(
        "softhsm2-util",
        "--import",
        pkcs8Pem.toString(),
        "--token",
        token,
        "--pin",
        PIN,
        "--label",
        label,
        "--id",
        id);
    return this;
  }

  public SoftHsm importedAes(String token, byte[] key, String label, String id) {
    try {
      Path file = Files.write(folder.resolve("aes"), key);
      tool(
          token,
          "--write-object",
          file.toString(),
          "--type",
          "secrkey",
          "--key-type",
          "AES:" + key.length,
          "--usage-decrypt",
          "--label",
          label,
          "--id",
          id);
      Files.delete(file);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code pkcs11-tool} logged in to a token. */
  String tool(String token, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "pkcs11-tool",
                "--module",
                module().toString(),
                "--token-label",
                token,
                "--login",
                "--pin",
                PIN));
    words.addAll(List.of(arguments));
    return run(words.toArray(String[]::new));
  }

  /** The URI of a key of a token, after which the PIN's source can follow. */
  public static String uri(String token, String object) {
    return "pkcs11:token=%s;object=%s?module-path=%s".formatted(token, object, module());
  }

  /** The token's files, to be taken away and put back. */
  Path files(String label) {
    String shown = run("softhsm2-util", "--show-slots");
    int at = shown.indexOf(label);
    String serial =
        shown.substring(0, at).substring(shown.substring(0, at).lastIndexOf("Serial number:"));
    String number = serial.lines().findFirst().orElseThrow().replaceAll(".*:\\s*", "").strip();
    try (Stream<Path> all = Files.list(folder.resolve("tokens"))) {
      return all.filter(one -> one.getFileName().toString().replace("-", "").endsWith(number))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(String... words) {
    try {
      Process process = builder(words).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(words[0] + " failed:\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ProcessBuilder builder(String... words) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", configuration.toString());
    return builder;
  }

  /** The module reads its environment, and children get the JVM's own copy of it. */
  private static void setenv(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      int failed =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().find("setenv").orElseThrow(),
                      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                  .invokeWithArguments(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (failed != 0) {
        throw new IllegalStateException("setenv failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void delete() {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // A folder in the system's own place for what is temporary.
    }
  }
}
