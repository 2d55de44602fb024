package dev.writ.broker.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A token's claims, each read as exactly one type; of another type is the same as absent. */
record Claims(ObjectNode object) {

  /** The end of the year 9999: later ones do not fit elsewhere. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  static Optional<Claims> parse(byte[] payload) {
    return StrictJson.object(payload).map(Claims::new);
  }

  boolean has(String name) {
    return object.has(name);
  }

  /** Whether there is no claim but these. */
  boolean hasOnly(Set<String> names) {
    return object.properties().stream().allMatch(member -> names.contains(member.getKey()));
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(object.get(name))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }

  /** A NumericDate (RFC 7519 section 2) that is a whole number of seconds since 1970. */
  Optional<Instant> instant(String name) {
    return Optional.ofNullable(object.get(name))
        .filter(JsonNode::isIntegralNumber)
        .map(JsonNode::longValue)
        .filter(seconds -> seconds >= 0 && seconds <= MAX_SECONDS)
        .map(Instant::ofEpochSecond);
  }

  /** Whether the audience is the array of this one string. */
  boolean isForOnly(String audience) {
    JsonNode aud = object.get("aud");
    return aud != null
        && aud.isArray()
        && aud.size() == 1
        && aud.get(0).isTextual()
        && aud.get(0).textValue().equals(audience);
  }

  /** The one member of {@code cnf} (RFC 7800), if it is a text of this name. */
  Optional<String> confirmation(String name) {
    return Optional.ofNullable(object.get("cnf"))
        .filter(cnf -> cnf.isObject() && cnf.size() == 1)
        .map(cnf -> cnf.get(name))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }
}
