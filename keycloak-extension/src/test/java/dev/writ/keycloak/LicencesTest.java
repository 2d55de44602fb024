package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What others wrote and the page ships is named in the jar with its licence. */
class LicencesTest {
  private static final String FILE = "page/licences.txt";
  private static final String FONTS = "Red Hat Text, Red Hat Display, Red Hat Mono (OFL-1.1)";
  private static final int TEXT_MIN = 500;

  /** The heading of a part: {@code react 18.3.1 (MIT)}. */
  private static final Pattern PACKAGE =
      Pattern.compile("^([@a-z][^ ]*) ([0-9][^ ]*) \\(([^)]+)\\)$", Pattern.MULTILINE);

  private static String shipped() throws IOException {
    try (JarFile jar = new JarFile(TestKeycloak.extension().toFile())) {
      return new String(
          jar.getInputStream(jar.getEntry(FILE)).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(Path.of("src/main/page", file).toFile());
  }

  /** Names and versions. */
  private static Map<String, String> named() throws IOException {
    return PACKAGE
        .matcher(shipped())
        .results()
        .collect(
            Collectors.toMap(
                heading -> heading.group(1),
                heading -> heading.group(2),
                (a, b) -> b,
                TreeMap::new));
  }

  @Test
  void each_package_that_the_page_depends_on_is_named_in_the_version_of_the_lock_file()
      throws IOException {
    JsonNode lock = json("package-lock.json").path("packages");
    Map<String, String> named = named();
    json("package.json")
        .path("dependencies")
        .fieldNames()
        .forEachRemaining(name -> assertTrue(named.containsKey(name), name + " not in " + named));
    named.forEach((name, version) -> {
      JsonNode locked = lock.path("node_modules/" + name);
      assertEquals(locked.path("version").asText(), version, name);
      assertFalse(locked.path("dev").asBoolean(), name + " is for building only");
    });
  }

  @Test
  void every_package_comes_with_the_text_of_its_licence() throws IOException {
    for (String part : shipped().split("={80}", -1)) {
      if (PACKAGE.matcher(part.strip()).find()) {
        assertTrue(part.length() > TEXT_MIN, part);
      }
    }
  }

  @Test
  void the_fonts_are_the_ones_whose_licence_is_there() throws IOException {
    try (JarFile jar = new JarFile(TestKeycloak.extension().toFile())) {
      assertTrue(
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".woff2"))
              .allMatch(name -> name.matches("page/assets/RedHat(Text|Display|Mono)-.*")));
    }
    String text = shipped();
    String licence = Files.readString(Path.of("src/main/page/fonts-OFL.txt")).strip();
    assertTrue(text.contains(FONTS) && text.contains(licence));
  }

  @Test
  void what_only_tests_use_is_not_shipped() throws IOException {
    Map<String, String> named = named();
    for (String name : new String[] {"axe-core", "playwright-core", "yaml"}) {
      assertFalse(named.containsKey(name), name);
    }
  }
}
