package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobTest {

  @Test
  void includes_exactly_what_trying_all_texts_says_for_all_short_patterns() {
    List<String> patterns = new ArrayList<>(List.of(""));
    for (int from = 0, length = 0; length < 4; length++) {
      int to = patterns.size();
      for (; from < to; from++) {
        for (String symbol : List.of("a", "b", "*", "?")) {
          patterns.add(patterns.get(from) + symbol);
        }
      }
    }
    List<Glob> globs = patterns.stream().map(Glob::new).toList();
    for (Glob outer : globs) {
      for (Glob inner : globs) {
        assertEquals(
            Reference.includes(outer.toString(), inner.toString()),
            outer.includes(inner),
            () -> outer + " includes " + inner);
      }
    }
  }

  @Test
  void includes_exactly_what_trying_all_texts_says_for_random_longer_patterns() {
    Generator generator = new Generator(1);
    for (int i = 0; i < 20_000; i++) {
      String outer = generator.glob(2);
      String inner = generator.glob(3);
      assertEquals(
          Reference.includes(outer, inner),
          new Glob(outer).includes(new Glob(inner)),
          () -> outer + " includes " + inner);
    }
  }

  @Test
  void long_plain_texts_and_prefixes_are_within_the_searchs_bound() {
    String text = "path/".repeat(100);
    assertTrue(new Glob(text + "*").includes(new Glob(text + "x")));
    assertTrue(new Glob("*").includes(new Glob(text)));
    assertTrue(new Glob("p*").includes(new Glob(text + "*")));
    assertTrue(new Glob("*/").includes(new Glob(text)));
    assertFalse(new Glob(text).includes(new Glob(text + "*")));
  }

  @Test
  void a_search_is_bounded() {
    String hard = "*a" + "?".repeat(40) + "*";
    long before = System.nanoTime();
    new Glob(hard).includes(new Glob("*a*b?".repeat(40)));
    assertTrue(System.nanoTime() - before < 1_000_000_000L);
  }
}
