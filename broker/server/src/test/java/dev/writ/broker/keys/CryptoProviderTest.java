package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CryptoProviderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void puts_accp_first_where_it_works_and_decides_once() {
    CryptoProvider chosen = CryptoProvider.install();
    assertSame(chosen, CryptoProvider.install());
    assumeTrue(chosen == CryptoProvider.ACCP);
    assertEquals(chosen.ec().getName(), Security.getProviders()[0].getName());
  }

  @Test
  void falls_back_to_the_jdk_with_one_warning_when_the_native_library_does_not_load()
      throws Exception {
    // ACCP unpacks its library into the temporary directory.
    List<String> lines = signatureCost("-Djava.io.tmpdir=/proc/nowhere");
    String warning = "WARN " + CryptoProvider.class.getName();
    assertEquals(
        1, lines.stream().filter(line -> line.contains(warning)).count(), lines.toString());
    JsonNode cost = JSON.readTree(lines.get(lines.size() - 1));
    assertTrue(cost.path("provider").asText().startsWith("SunEC"), lines.toString());
  }

  @Test
  void prints_the_cost_of_a_signature_by_the_provider_in_use() throws Exception {
    JsonNode cost = JSON.readTree(SignatureCost.measure());
    assertEquals(CryptoProvider.install().label(), cost.path("provider").asText());
    assertTrue(cost.path("signMicros").asDouble() > 1);
    assertTrue(cost.path("verifyMicros").asDouble() > 1);
  }

  private static List<String> signatureCost(String option) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", option));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SignatureCost.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    String text = new String(output, StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return Arrays.asList(text.strip().split("\n"));
  }
}
