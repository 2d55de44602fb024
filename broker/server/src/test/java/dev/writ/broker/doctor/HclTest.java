package dev.writ.broker.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.bertramlabs.plugins.hcl4j.HCLParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HclTest {
  @Test
  void a_text_stays_the_text_that_it_is() throws Exception {
    String awkward = "a \"quoted\" \\ text";

    Map<?, ?> parsed = new HCLParser().parse("x = " + Hcl.text(awkward) + "\n");

    assertEquals(awkward, parsed.get("x"));
  }

  @Test
  void templates_in_a_text_are_no_templates() {
    assertEquals("\"$${a} %%{b} $c\"", Hcl.text("${a} %{b} $c"));
    assertEquals("\"\\n\\t\\u0007\"", Hcl.text("\n\t\u0007"));
  }

  @Test
  void labels_hold_nothing_that_labels_may_not() {
    assertEquals("agents_ci_x", Hcl.label("agents+ci=x"));
    assertEquals("_1st", Hcl.label("1st"));
  }

  @Test
  void maps_and_lists_nest() {
    assertEquals(
        "{\n  \"a\" = [\"b\", x.arn]\n}",
        Hcl.value(Map.of("a", List.of("b", new Hcl.Reference("x.arn"))), ""));
  }
}
