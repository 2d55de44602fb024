package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.keys.Es256Verifier;
import dev.writ.broker.keys.P256;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Wycheproof's vectors, whole. Deliberate exception: valid tokens of every other algorithm are
 * refused, for only ES256 is spoken here.
 */
class WycheproofTest {

  /** As the vectors are: without typ. */
  private static final StrictJws.Kind KIND =
      new StrictJws.Kind(Map.of("alg", "ES256"), Set.of("kid"));

  @Test
  void of_all_jws_vectors_exactly_the_valid_es256_ones_are_accepted() throws Exception {
    Set<Integer> expected = new TreeSet<>();
    Set<Integer> accepted = new TreeSet<>();
    int count = 0;
    for (JsonNode group : Vectors.wycheproof("json_web_signature").path("testGroups")) {
      for (JsonNode test : group.path("tests")) {
        count++;
        boolean valid = test.path("result").asText().equals("valid");
        if (valid && group.path("private").path("alg").asText().equals("ES256")) {
          expected.add(test.path("tcId").asInt());
        }
        if (accepts(group.path("public"), test.path("jws"))) {
          accepted.add(test.path("tcId").asInt());
        }
      }
    }
    assertEquals(401, count);
    assertEquals(Set.of(18, 378), expected);
    assertEquals(expected, accepted);
  }

  @Test
  void every_p1363_signature_is_judged_as_wycheproof_judges_it() throws Exception {
    int count = 0;
    for (JsonNode group : Vectors.wycheproof("ecdsa_secp256r1_sha256_p1363").path("testGroups")) {
      Es256Verifier verifier = verifier(group.path("publicKey"));
      for (JsonNode test : group.path("tests")) {
        count++;
        byte[] message = hex(test.path("msg"));
        String signature = StrictBase64Url.encode(hex(test.path("sig")));
        assertEquals(
            test.path("result").asText().equals("valid"),
            StrictJws.isSignature(signature) && verifier.verify(message, signature),
            test.toString());
      }
    }
    assertTrue(count > 200, "only " + count);
  }

  private static boolean accepts(JsonNode publicJwk, JsonNode jws) {
    String compact = jws.isTextual() ? jws.textValue() : jws.toString();
    if (!(StrictJws.read(compact, KIND) instanceof StrictJws.Read read)) {
      return false;
    }
    Optional<DpopKey> key = DpopKey.coordinates(publicJwk).flatMap(DpopKey::of);
    return key.isPresent() && key.get().verifier().verify(read.signingInput(), read.signature());
  }

  private static Es256Verifier verifier(JsonNode key) {
    return new Es256Verifier(
        P256.publicKey(
                new BigInteger(1, hex(key.path("wx"))), new BigInteger(1, hex(key.path("wy"))))
            .orElseThrow());
  }

  private static byte[] hex(JsonNode node) {
    String text = node.asText();
    return HexFormat.of().parseHex(text.length() % 2 == 0 ? text : "0" + text);
  }
}
