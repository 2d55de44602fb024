package dev.writ.broker.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XmlTextTest {
  private static Optional<XmlText> read(String xml) {
    return XmlText.read(xml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void finds_the_innermost_texts_whatever_the_namespace() {
    XmlText xml =
        read("<a xmlns='urn:x'><b> one &amp; <![CDATA[<two>]]> </b><c/><!-- no --></a>")
            .orElseThrow();

    assertEquals(Optional.of("one & <two>"), xml.at("a/b"));
    assertEquals(Optional.empty(), xml.at("a/c"));
    assertEquals(Optional.empty(), xml.at("a"));
  }

  @Test
  void reads_nothing_that_is_not_one_sound_document() {
    for (String xml :
        List.of(
            "", "x", "<a>", "<a></b>", "<a/><b/>", "<a>\u0000</a>", "{\"a\":1}", "<a>&b;</a>")) {
      assertFalse(read(xml).isPresent(), xml);
    }
    assertFalse(XmlText.read(new byte[] {(byte) 0xff, (byte) 0xfe, 0}).isPresent());
  }

  @Test
  void an_element_that_comes_twice_is_not_guessed_at() {
    assertFalse(read("<a><b>1</b><b>2</b></a>").isPresent());
  }

  @Test
  void nothing_is_nested_or_repeated_without_end() {
    assertFalse(read("<a>".repeat(9) + "</a>".repeat(9)).isPresent());
    StringBuilder many = new StringBuilder("<a>");
    for (int i = 0; i < 100; i++) {
      many.append("<b").append(i).append("/>");
    }
    assertFalse(read(many + "</a>").isPresent());
  }

  @Test
  void entities_and_document_types_are_refused_unread(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    StringBuilder laughs = new StringBuilder("<!DOCTYPE a [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      laughs.append("<!ENTITY l%d \"&l%d;&l%d;&l%d;\">".formatted(i, i - 1, i - 1, i - 1));
    }
    for (String xml :
        List.of(
            laughs + "]><a><b>&l29;</b></a>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"%s\">]><a><b>&x;</b></a>".formatted(secret.toUri()),
            "<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/x.dtd\"><a><b>1</b></a>",
            "<!DOCTYPE a [<!ENTITY %% x SYSTEM \"%s\"> %%x;]><a><b>1</b></a>"
                .formatted(secret.toUri()),
            "<!DOCTYPE a><a><b>1</b></a>")) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(5), () -> assertFalse(read(xml).isPresent(), xml));
    }
  }

  @Test
  void what_it_read_is_not_shown() {
    assertFalse(read("<a><b>secret</b></a>").orElseThrow().toString().contains("secret"));
  }
}
