package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {\"a\" : 1} \n",
        "{\"a\":-1.5e3,\"b\":[],\"c\":null,\"d\":true}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"\":\"\"}",
        "{\"a\":9223372036854775807}"
      })
  void accepts_one_plain_object(String json) {
    assertTrue(StrictJson.object(utf8(json)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "\"a\"",
        "null",
        "{} {}",
        "{}x",
        "{}\u0000",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":0x10}",
        "{\"a\":1}//",
        "{/**/}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":tru}",
        "\ufeff{}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "{\"x\":{\"a\":1,\"a\":2}}",
        "{\"x\":[{\"a\":1,\"a\":2}]}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"\\ud800\":1}",
        "{\"a\":[\"\\udfff\"]}",
        "{\"a\":9223372036854775808}",
        "{\"a\":1e400}",
        "{\"a\":-1e400}",
        "{\"a\":000000000000000000000000000000000}",
        "{\"a\":111111111111111111111111111111111}"
      })
  void refuses_everything_else(String json) {
    assertTrue(StrictJson.object(utf8(json)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7b2261223a22ff227d", // a byte that is in no UTF-8
        "7b2261223a22c0af227d", // overlong slash
        "7b2261223a22eda080227d", // surrogate in UTF-8
        "7b2261223a22f4908080227d", // beyond U+10FFFF
        "7b2261223a22c3227d", // cut short
        "efbbbf7b7d", // byte order mark
        "007b007d", // UTF-16
        "7b007d00"
      })
  void refuses_what_is_not_strict_utf8(String hex) {
    assertTrue(StrictJson.object(HexFormat.of().parseHex(hex)).isEmpty());
  }

  @Test
  void bounds_depth_and_size() {
    assertEquals(true, StrictJson.object(utf8(nested(15))).isPresent());
    assertEquals(false, StrictJson.object(utf8(nested(16))).isPresent());
    assertEquals(false, StrictJson.object(utf8("{\"a\":" + "[".repeat(4_000))).isPresent());
    String filler = "x".repeat(8 * 1024 - "{\"a\":\"\"}".length());
    assertTrue(StrictJson.object(utf8("{\"a\":\"" + filler + "\"}")).isPresent());
    assertTrue(StrictJson.object(utf8("{\"a\":\"" + filler + "x\"}")).isEmpty());
  }

  private static String nested(int arrays) {
    return "{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
