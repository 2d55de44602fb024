package dev.writ.broker.blame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionsTest {
  /** 0xfb…fb, whose base64 has plus signs and slashes. */
  private static final byte[] HASH = new byte[32];

  static {
    Arrays.fill(HASH, (byte) 0xfb);
  }

  private static Questions.Read read(String query) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      values.put(parts[0], List.of(parts[1]));
    }
    return Questions.read(values);
  }

  private static Question sound(String query) {
    return assertInstanceOf(Questions.Sound.class, read(query)).question();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfb",
        "FBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFBFB",
        "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=",
        "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s",
        " /v7 /v7 /v7 /v7 /v7 /v7 /v7 /v7 /v7 /v7 /s=",
        "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s=",
        "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"
      })
  void reads_a_hash_in_every_spelling(String text) {
    for (String way : List.of("token_sha256", "github_hashed_token")) {
      Question.Token token = (Question.Token) sound(way + "=" + text);
      assertArrayEquals(HASH, token.sha256());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ghs_0123456789abcdefghijklmnopqrstuvwxyz",
        "fbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbf",
        "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_t",
        "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s=="
      })
  void refuses_what_is_no_hash_without_repeating_it(String text) {
    Questions.Wrong wrong = assertInstanceOf(Questions.Wrong.class, read("token_sha256=" + text));
    assertFalse(!text.isEmpty() && wrong.text().contains(text));
  }

  @Test
  void reads_the_other_ways() {
    UUID id = UUID.fromString("0198c0de-0000-7000-8000-000000000001");
    Instant at = Instant.parse("2026-11-23T10:00:00Z");
    assertEquals(new Question.Jti(id), sound("jti=" + id));
    assertEquals(new Question.AccessKey("AKIA1"), sound("aws_access_key_id=AKIA1"));
    assertEquals(new Question.Conversation("h", "s"), sound("harness=h&session=s"));
    assertEquals(new Question.AgentAt(id, at), sound("agent=" + id + "&at=2026-11-23T10:00:00Z"));
    assertEquals(
        new Question.AgentAt(id, at), sound("agent=" + id + "&at=2026-11-23T12:00:00 02:00"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=x",
        "agent=0198c0de-0000-7000-8000-000000000001",
        "at=2026-11-23T10:00:00Z",
        "harness=h",
        "session=s",
        "jti=0198c0de-0000-7000-8000-000000000001&at=2026-11-23T10:00:00Z",
        "jti=1",
        "agent=1&at=2026-11-23T10:00:00Z",
        "agent=0198c0de-0000-7000-8000-000000000001&at=yesterday",
        "agent=0198c0de-0000-7000-8000-000000000001&at=+999999999-01-01T00:00:00Z",
        "aws_access_key_id=\0"
      })
  void refuses_everything_else(String query) {
    assertInstanceOf(Questions.Wrong.class, read(query));
  }

  @Test
  void refuses_no_question_and_a_repeated_one() {
    assertInstanceOf(Questions.Wrong.class, Questions.read(Map.of()));
    assertInstanceOf(Questions.Wrong.class, Questions.read(Map.of("jti", List.of("a", "b"))));
  }
}
