package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** JSONTestSuite's parsing cases, whole: each as the document and as a member of one. */
class JsonTestSuiteTest {

  /** What RFC 8259 allows and we refuse. */
  private static final Set<String> REFUSED_DELIBERATELY =
      Set.of(
          // Two readers may take different ones of two members of one name.
          "y_object_duplicated_key.json",
          "y_object_duplicated_key_and_value.json",
          // Longer than 32 characters: no number of ours is.
          "y_number_double_close_to_zero.json");

  @Test
  void refuses_all_that_must_be_refused() throws IOException {
    Set<String> accepted = new TreeSet<>();
    for (Path file : files("n_")) {
      byte[] content = Files.readAllBytes(file);
      if (accepts(content) || accepts(member(content))) {
        accepted.add(String.valueOf(file.getFileName()));
      }
    }
    assertEquals(Set.of(), accepted);
  }

  @Test
  void accepts_all_that_must_be_accepted_but_what_two_readers_may_read_differently()
      throws IOException {
    Set<String> refused = new TreeSet<>();
    for (Path file : files("y_")) {
      byte[] content = Files.readAllBytes(file);
      boolean object = new String(content, StandardCharsets.UTF_8).strip().startsWith("{");
      if (!accepts(member(content)) || object && !accepts(content)) {
        refused.add(String.valueOf(file.getFileName()));
      }
    }
    assertEquals(new TreeSet<>(REFUSED_DELIBERATELY), refused);
  }

  /**
   * Left to the parser by the suite: huge numbers, lone surrogates, bad UTF-8, byte order marks.
   */
  @Test
  void of_what_is_left_open_accepts_only_numbers_that_a_double_holds() throws IOException {
    Set<String> accepted = new TreeSet<>();
    for (Path file : files("i_")) {
      if (accepts(member(Files.readAllBytes(file)))) {
        accepted.add(String.valueOf(file.getFileName()));
      }
    }
    assertEquals(
        new TreeSet<>(Set.of("i_number_double_huge_neg_exp.json", "i_number_real_underflow.json")),
        accepted);
  }

  private static boolean accepts(byte[] document) {
    return StrictJson.object(document).isPresent();
  }

  private static byte[] member(byte[] value) {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.writeBytes("{\"x\":".getBytes(StandardCharsets.US_ASCII));
    document.writeBytes(value);
    document.writeBytes("}".getBytes(StandardCharsets.US_ASCII));
    return document.toByteArray();
  }

  private static List<Path> files(String prefix) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Vectors.path("JSONTestSuite/test_parsing"))) {
      all.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix)).forEach(files::add);
    }
    return files;
  }
}
