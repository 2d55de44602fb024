package dev.writ.packaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The container file's instructions, in order; one that it has no use for is an error. Immutable.
 */
record Containerfile(List<Instruction> instructions) {
  private static final Set<String> KNOWN =
      Set.of(
          "ARG",
          "FROM",
          "ADD",
          "RUN",
          "USER",
          "LABEL",
          "COPY",
          "WORKDIR",
          "ENV",
          "VOLUME",
          "EXPOSE",
          "STOPSIGNAL",
          "HEALTHCHECK",
          "ENTRYPOINT",
          "CMD");

  /** A keyword and all that follows, on one line. */
  record Instruction(String keyword, String rest) {
    /** The words of an instruction in exec form, which no shell reads. */
    List<String> words() {
      try {
        String list = rest.substring(rest.indexOf('['));
        return new ObjectMapper().readValue(list, new TypeReference<List<String>>() {});
      } catch (JsonProcessingException | StringIndexOutOfBoundsException e) {
        throw new AssertionError(keyword + " is not in exec form: " + rest, e);
      }
    }
  }

  static Containerfile read(Path file) {
    List<Instruction> instructions = new ArrayList<>();
    String text = Repository.text(file).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
    for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
      String[] parts = line.strip().split("\\s+", 2);
      if (!KNOWN.contains(parts[0])) {
        throw new AssertionError("unknown instruction: " + line);
      }
      instructions.add(new Instruction(parts[0], parts[1].strip()));
    }
    return new Containerfile(List.copyOf(instructions));
  }

  /** The stage that becomes the image. */
  List<Instruction> lastStage() {
    int from = 0;
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).keyword().equals("FROM")) {
        from = i;
      }
    }
    return instructions.subList(from, instructions.size());
  }

  /** The only instruction of that name in the last stage. */
  Instruction only(String keyword) {
    List<Instruction> found =
        lastStage().stream().filter(one -> one.keyword().equals(keyword)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " times " + keyword);
    }
    return found.getFirst();
  }
}
