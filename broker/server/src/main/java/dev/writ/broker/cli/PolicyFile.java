package dev.writ.broker.cli;

import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A policy file and what is in it. */
record PolicyFile(Path path, Parsed<Policy> parsed) {

  static PolicyFile read(Path path, Bounds bounds) {
    try {
      if (Files.size(path) > Limits.FILE.characters()) {
        return broken(path, "is larger than 8 MiB");
      }
      String text = Files.readString(path);
      boolean json = path.toString().endsWith(".json");
      return new PolicyFile(path, json ? Policy.json(text, bounds) : Policy.yaml(text, bounds));
    } catch (CharacterCodingException e) {
      return broken(path, "is not UTF-8 text");
    } catch (IOException e) {
      return broken(path, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static PolicyFile broken(Path path, String why) {
    return new PolicyFile(path, new Parsed.Invalid<>(List.of(new Problem("", why))));
  }

  Optional<Policy> policy() {
    return parsed instanceof Parsed.Valid<Policy>(Policy policy)
        ? Optional.of(policy)
        : Optional.empty();
  }

  boolean sound() {
    return policy().isPresent();
  }

  /** The same with one more problem, which makes it unsound. */
  PolicyFile with(Problem problem) {
    return new PolicyFile(path, new Parsed.Invalid<>(List.of(problem)));
  }
}
