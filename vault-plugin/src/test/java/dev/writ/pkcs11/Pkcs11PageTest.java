package dev.writ.pkcs11;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.Page;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Pkcs11PageTest {
  @ParameterizedTest
  @EnumSource(Trouble.class)
  void the_page_says_of_each_trouble_what_goes_on_without_it(Trouble trouble) {
    boolean told =
        Page.of("keys.md")
            .text()
            .lines()
            .anyMatch(
                line -> line.startsWith("| ") && line.split(" \\| ")[0].contains(trouble.found()));
    assertTrue(told, trouble.found());
  }
}
