package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.document.Parsed;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A policy as a broker shows it. */
record PublishedPolicy(JsonNode json) {
  /** The broker judged it by its own limits; here they are not judged again. */
  private static final Bounds ANY =
      new Bounds(Duration.ofDays(365), Duration.ofDays(365), Set.of());

  /** {@code operator@7}. */
  String label() {
    return Text.of(json, "name") + "@" + Text.of(json, "version");
  }

  boolean withdrawn() {
    return json.path("withdrawn").asBoolean();
  }

  /** The policy itself; empty where this version of writ does not know its language. */
  Optional<Policy> policy() {
    return Policy.json(json.path("policy").toString(), ANY)
            instanceof Parsed.Valid<Policy>(Policy policy)
        ? Optional.of(policy)
        : Optional.empty();
  }
}
