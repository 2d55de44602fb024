package dev.writ.broker.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Public test vectors, whole and unchanged; their README says where they come from. */
public final class Vectors {

  private Vectors() {}

  /** A path below the directory of vectors. */
  public static Path path(String relative) {
    Path path = Path.of("src/test/resources/vectors", relative);
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
