package dev.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysPageTest {
  @TempDir Path folder;

  @Test
  void every_configuration_of_the_page_can_be_read() throws Exception {
    List<String> examples = Page.of("keys.md").blocks("yaml writ");
    assertEquals(2, examples.size());
    for (String example : examples) {
      Path file = Files.writeString(folder.resolve("writ.yaml"), example);
      Config config = new ConfigReader(folder, Map.of(), Map.of()).read(file).orElseThrow();
      assertTrue(List.of("vault", "pkcs11").contains(config.keys().root().scheme()));
    }
  }
}
