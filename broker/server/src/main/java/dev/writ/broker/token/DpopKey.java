package dev.writ.broker.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.keys.Es256Verifier;
import dev.writ.broker.keys.P256;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;

/** The public key in a DPoP proof's header, ready to verify. */
record DpopKey(String jkt, Es256Verifier verifier) {

  /** A public EC key's members (RFC 7517, RFC 7518) and WebCrypto's {@code ext}: above all no d. */
  private static final Set<String> MEMBERS =
      Set.of("kty", "crv", "x", "y", "use", "key_ops", "alg", "kid", "ext");

  /** Base64url of each, canonical, 32 bytes long. */
  record Coordinates(String x, String y) {}

  /** What the JWK says, if it is a public P-256 key in form; its point is not checked yet. */
  static Optional<Coordinates> coordinates(JsonNode jwk) {
    boolean form =
        jwk.isObject()
            && jwk.properties().stream().allMatch(member -> MEMBERS.contains(member.getKey()))
            && jwk.path("kty").asText().equals("EC")
            && jwk.path("crv").asText().equals("P-256")
            && (!jwk.has("use") || jwk.path("use").asText().equals("sig"))
            && (!jwk.has("key_ops") || isForVerifying(jwk.path("key_ops")))
            && (!jwk.has("alg") || jwk.path("alg").asText().equals("ES256"));
    if (!form || !jwk.path("x").isTextual() || !jwk.path("y").isTextual()) {
      return Optional.empty();
    }
    return Optional.of(new Coordinates(jwk.path("x").textValue(), jwk.path("y").textValue()));
  }

  /** Empty unless the coordinates are canonical and a point of the curve. */
  static Optional<DpopKey> of(Coordinates at) {
    return number(at.x())
        .flatMap(x -> number(at.y()).flatMap(y -> P256.publicKey(x, y)))
        .map(key -> new DpopKey(P256.thumbprint(at.x(), at.y()), new Es256Verifier(key)));
  }

  private static boolean isForVerifying(JsonNode operations) {
    return operations.valueStream().anyMatch(operation -> operation.asText().equals("verify"));
  }

  private static Optional<BigInteger> number(String text) {
    return StrictBase64Url.decode(text)
        .filter(bytes -> bytes.length == P256.FIELD_BYTES)
        .map(bytes -> new BigInteger(1, bytes));
  }
}
