package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An agent in words. */
final class Agents {
  private Agents() {}

  /** {@code group:platform (on duty: user:ada)}. */
  static String owner(JsonNode agent) {
    String owner = Text.of(agent, "owner");
    String accountable = Text.of(agent, "accountable");
    return accountable.isEmpty() || accountable.equals(owner)
        ? owner
        : owner + " (on duty: " + accountable + ")";
  }

  /** {@code user:ada}, or {@code user:ada (claimed)} when only the launcher said so. */
  static String requestedBy(JsonNode agent) {
    JsonNode by = agent.path("requested_by");
    boolean claimed =
        by.path("claimed").asBoolean() || agent.path("requested_by_claimed").asBoolean();
    String person = by.isObject() ? Text.of(by, "person") : Text.of(agent, "requested_by");
    return claimed && !person.isEmpty() ? person + " (claimed)" : person;
  }

  /** {@code env=prod, team=web}. */
  static String labels(JsonNode agent) {
    List<String> labels = new ArrayList<>();
    agent
        .path("labels")
        .properties()
        .forEach(label -> labels.add(Text.safe(label.getKey() + "=" + label.getValue().asText())));
    return String.join(", ", labels);
  }

  static List<String> sheet(JsonNode agent, Times times) {
    Sheet sheet = new Sheet();
    sheet.add("SPIFFE ID", Text.of(agent, "spiffe_id"));
    sheet.add("state", state(agent, times));
    sheet.add("policy", Text.of(agent, "policy"));
    sheet.add("task", Text.of(agent, "task"));
    sheet.add("role", Text.of(agent, "role"));
    sheet.add("labels", labels(agent));
    sheet.add("owner", owner(agent));
    sheet.add("offered to", Text.of(agent, "offered_to"));
    sheet.add("launched by", Text.of(agent, "launcher"));
    sheet.add("wished by", requestedBy(agent));
    sheet.add("parent", Text.of(agent, "parent"));
    sheet.add("session", session(agent.path("context")));
    sheet.add("continues", Text.of(agent.path("context"), "continues"));
    sheet.add("launched", time(agent, "launched_at", times));
    sheet.add("lives until", time(agent, "expires_at", times));
    sheet.add("enrolled", enrolment(agent.path("enrolment"), times));
    sheet.add("narrowed to", Grants.texts(agent.path("narrow")));
    return sheet.lines();
  }

  private static String state(JsonNode agent, Times times) {
    String state = Text.of(agent, "state");
    JsonNode killed = agent.path("killed");
    if (!killed.isObject()) {
      return state;
    }
    String reason = Text.of(killed, "reason");
    return state
        + " by "
        + Text.of(killed, "by")
        + " at "
        + time(killed, "at", times)
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static String session(JsonNode context) {
    String session = Text.of(context, "session");
    String model = Text.of(context, "model");
    return session.isEmpty()
        ? model
        : Text.of(context, "harness") + " " + session + (model.isEmpty() ? "" : ", " + model);
  }

  private static String enrolment(JsonNode enrolment, Times times) {
    if (!enrolment.isObject()) {
      return enrolment.isNumber() ? enrolment.asText() : "";
    }
    return "number "
        + Text.of(enrolment, "number")
        + ", asked for by "
        + Text.of(enrolment, "by")
        + ", at "
        + time(enrolment, "at", times);
  }

  private static String time(JsonNode object, String member, Times times) {
    String time = Text.of(object, member);
    return time.isEmpty() ? "" : times.at(time);
  }
}
