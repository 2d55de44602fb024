package dev.writ.broker.cli;

import dev.writ.document.Problem;
import dev.writ.policy.Bounds;
import dev.writ.policy.PolicyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the policies of files and folders, as one set in which a name stands once. */
final class PolicyFiles {
  private static final int FILES_MAX = 10_000;

  private final Bounds bounds;

  PolicyFiles(Bounds bounds) {
    this.bounds = bounds;
  }

  /**
   * @param places files, or folders whose {@code .yaml}, {@code .yml} and {@code .json} files are
   *     meant; folders in them are not
   */
  List<PolicyFile> read(List<Path> places) {
    Set<Path> paths = new LinkedHashSet<>();
    for (Path place : places) {
      paths.addAll(Files.isDirectory(place) ? folder(place) : List.of(file(place)));
    }
    Map<PolicyName, Path> seen = new HashMap<>();
    List<PolicyFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(onlyOne(PolicyFile.read(path, bounds), seen));
    }
    return files;
  }

  private static PolicyFile onlyOne(PolicyFile file, Map<PolicyName, Path> seen) {
    Optional<PolicyName> name = file.policy().map(policy -> policy.name());
    Optional<Path> first =
        name.flatMap(known -> Optional.ofNullable(seen.putIfAbsent(known, file.path())));
    return first
        .map(other ->
            file.with(
                new Problem(
                    "name",
                    "the policy " + name.orElseThrow() + " stands in " + other + " already")))
        .orElse(file);
  }

  private static Path file(Path path) {
    if (Files.exists(path)) {
      return path;
    }
    throw new Failure(Exit.USAGE, "There is no file or folder " + path + ".");
  }

  private static List<Path> folder(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries.filter(PolicyFiles::isPolicy).sorted().limit(FILES_MAX + 1L).toList();
      if (files.size() > FILES_MAX) {
        throw new Failure(
            Exit.FAILED, "The folder " + folder + " has more than " + FILES_MAX + " policies.");
      }
      return files;
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, "The folder " + folder + " cannot be read.");
    }
  }

  private static boolean isPolicy(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
        && Files.isRegularFile(path);
  }
}
