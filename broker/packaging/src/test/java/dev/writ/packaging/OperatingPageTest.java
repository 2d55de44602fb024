package dev.writ.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.broker.config.ConfigReader;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.document.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operating.md shows works when it is pasted. */
class OperatingPageTest {
  private static final String PAGE = Repository.text(Repository.ROOT.resolve("docs/operating.md"));

  @TempDir Path folder;

  private static String block(String info) {
    Matcher block = Pattern.compile("(?ms)^```" + info + "\\n(.*?)^```$").matcher(PAGE);
    if (!block.find()) {
      throw new AssertionError("no block " + info);
    }
    return block.group(1);
  }

  @Test
  void the_keys_that_are_made_by_hand_are_keys() {
    Program.of(folder, "sh", "-eu", "-c", block("sh keys")).run().expectDone();

    KeyProviders providers = KeyProviders.load();
    for (String signer : new String[] {"file:root.pem", "file:checkpoint.pem"}) {
      providers.signer(KeyRef.parse(signer, folder));
    }
    providers.sealer(KeyRef.parse("file:envelope.key", folder));
  }

  @Test
  void the_configuration_is_one() throws IOException {
    Path file = Files.writeString(folder.resolve("writ.yaml"), block("yaml writ"));

    assertInstanceOf(Parsed.Valid.class, new ConfigReader(folder, Map.of(), Map.of()).read(file));
  }

  @Test
  void the_values_are_taken_by_the_chart() {
    String values = PAGE.substring(PAGE.indexOf("```yaml\nimage:") + 8);
    values =
        values.substring(0, values.indexOf("```")).replace("sha256:…", "sha256:" + "0".repeat(64));

    assertEquals(
        1, Chart.render(values).stream().filter(one -> "TLSRoute".equals(one.get("kind"))).count());
  }
}
