package dev.writ.broker.writ;

import dev.writ.broker.exchange.Ending;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What became of a writ that somebody wanted to end. */
public record WritResult(UUID writ, Ending ending) {

  /** As the wire contract writes it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("writ", writ.toString());
    switch (ending) {
      case Ending.Revoked(String answer) -> {
        json.put("result", "revoked");
        json.put("answer", answer);
      }
      case Ending.DiesAt(Instant at, String why) -> {
        json.put("result", "dies_at");
        json.put("dies_at", at.toString());
        json.put("why", why);
      }
      case Ending.Unknown(String why) -> {
        json.put("result", "unknown");
        json.put("why", why);
      }
    }
    return json;
  }

  /**
   * What is so of a writ that is ended here, by itself or with its agent.
   *
   * @param state in which it was found
   */
  static WritResult of(UUID writ, String target, String state, Instant expiresAt) {
    return new WritResult(writ, ending(target, state, expiresAt));
  }

  private static Ending ending(String target, String state, Instant expiresAt) {
    return switch (state) {
      case "refused" -> new Ending.Revoked("the target said no: there never was a credential");
      case "open" ->
          new Ending.Unknown("the target is being asked; what it answers is withheld and revoked");
      case "unknown" -> new Ending.Unknown("the target did not answer when it was asked");
      default -> new Ending.DiesAt(expiresAt, why(target));
    };
  }

  private static String why(String target) {
    return switch (target) {
      case "internal" -> "internal tokens end at their exp; introspection says inactive at once";
      case "aws" ->
          "AWS cannot revoke one session; to end it now, deny its aws:SourceIdentity, the agent's UUID, in the account";
      default -> "it is not handed out again, and no target holds it for longer";
    };
  }
}
