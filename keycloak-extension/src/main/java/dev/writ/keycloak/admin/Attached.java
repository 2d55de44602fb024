package dev.writ.keycloak.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.document.Json;
import dev.writ.keycloak.http.Answers;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agents that live under a policy, as the broker tells.
 *
 * @param agents the first of them
 * @param total of them all; not less than there are
 * @param broker {@code ok}, or why it did not say
 * @param detail the same for people; empty if it did
 */
record Attached(List<Json.Written> agents, int total, String broker, String detail) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String OK = "ok";
  private static final int SHOWN_MAX = 100;
  private static final int PAGE = 1_000;

  /** More than any realm's policy has; each page is a question to the broker. */
  private static final int PAGES_MAX = 20;

  private static final List<String> MEMBERS =
      List.of("id", "owner", "accountable", "task", "expires_at", "launcher");

  Attached {
    agents = List.copyOf(agents);
  }

  static Attached to(String policy, Administered administered) {
    Relay relay = new Relay(administered);
    return seesAll(relay).orElseGet(() -> counted(policy, relay));
  }

  /**
   * A list of agents holds those that the caller may read, and would be a short one for most; only
   * the broker's admins and auditors see all, and they alone may read its policies.
   */
  private static Optional<Attached> seesAll(Relay relay) {
    Relay.Told told = relay.send("GET", "/v1/policies?limit=1", "");
    if (told instanceof Relay.Nothing nothing) {
      return Optional.of(unknown(nothing.word(), nothing.detail()));
    }
    int status = ((Relay.Answered) told).status();
    if (status == 200) {
      return Optional.empty();
    }
    return Optional.of(
        status == 401 || status == 403 || status == 404
            ? unknown(
                "not permitted",
                "The broker shows you no more than your own agents: its admins and auditors see all.")
            : unknown("unreachable", "The broker answered with the status " + status + "."));
  }

  private static Attached counted(String policy, Relay relay) {
    List<Json.Written> shown = new ArrayList<>();
    int total = 0;
    String cursor = "";
    for (int page = 0; page < PAGES_MAX; page++) {
      Relay.Told told =
          relay.send(
              "GET", "/v1/agents?state=live&limit=" + PAGE + "&policy=" + policy + cursor, "");
      if (!(told instanceof Relay.Answered answered) || answered.status() != 200) {
        return unknown("unreachable", "The broker did not list the agents.");
      }
      JsonNode body = parse(answered.body());
      for (JsonNode agent : body.path("agents")) {
        total++;
        if (shown.size() < SHOWN_MAX) {
          shown.add(new Json.Written(brief(agent)));
        }
      }
      if (!body.path("next").isTextual()) {
        break;
      }
      cursor = "&cursor=" + body.path("next").asText();
    }
    return new Attached(shown, total, OK, "");
  }

  private static JsonNode parse(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return MAPPER.missingNode();
    }
  }

  private static String brief(JsonNode agent) {
    Map<String, Object> brief = new LinkedHashMap<>();
    for (String member : MEMBERS) {
      if (agent.path(member).isTextual()) {
        brief.put(member, agent.path(member).asText());
      }
    }
    return Json.write(brief);
  }

  private static Attached unknown(String broker, String detail) {
    return new Attached(List.of(), 0, broker, detail);
  }

  /** Why the policy cannot be deleted unless it is forced. */
  Optional<Response> refusal(String policy) {
    if (!broker.equals(OK)) {
      return Optional.of(
          Answers.conflict(
              detail
                  + " Nobody can say whether agents live under "
                  + policy
                  + ". Delete it all the same with force.",
              Map.of("broker", broker)));
    }
    return total == 0
        ? Optional.empty()
        : Optional.of(
            Answers.conflict(
                "%d live agents are attached to %s. Kill them or let them end, or delete it all the same with force: every request of theirs is then refused."
                    .formatted(total, policy),
                Map.of("agents", total, "broker", broker)));
  }

  Map<String, Object> view() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("agents", agents);
    view.put("agents_total", total);
    view.put("broker", broker);
    return view;
  }
}
