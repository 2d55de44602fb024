package dev.writ.broker.token;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Public test vectors, which are not part of this repository: {@code -Dwrit.vectors=DIR}, a
 * directory with checkouts of C2SP/wycheproof (as {@code wycheproof}) and nst/JSONTestSuite (as
 * {@code JSONTestSuite}). Their cases that matter most are also written out in the tests beside.
 */
public final class Vectors {

  private Vectors() {}

  /** A path below the directory; the test is skipped where there is none. */
  public static Path path(String relative) {
    String directory = System.getProperty("writ.vectors", "");
    Path path = Path.of(directory, relative);
    assumeTrue(!directory.isEmpty(), "no test vectors here: -Dwrit.vectors=DIR");
    if (!Files.exists(path)) {
      throw new AssertionError(path + " is missing");
    }
    return path;
  }

  public static JsonNode wycheproof(String name) throws IOException {
    return new ObjectMapper()
        .readTree(path("wycheproof/testvectors_v1/" + name + "_test.json").toFile());
  }
}
