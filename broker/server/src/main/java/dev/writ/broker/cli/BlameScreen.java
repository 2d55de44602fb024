package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Who held a writ and who answers for it, as a sentence, a small tree and the rest of it. */
final class BlameScreen {
  private final JsonNode writ;
  private final Screen screen;
  private final Times times;

  BlameScreen(JsonNode writ, Screen screen) {
    this.writ = writ;
    this.screen = screen;
    this.times = new Times(screen.zone());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "agent "
            + screen.bold(Text.of(writ, "agent"))
            + " held `"
            + String.join("; ", Grants.texts(writ.path("grant")))
            + "`");
    lines.add(
        times.between(Text.of(writ, "issued_at"), Text.of(writ, "expires_at"))
            + " under policy "
            + Text.of(writ, "policy")
            + ".");
    lines.add(launched() + " " + answers());
    List<String> tree = new LineageTree(writ, screen.unicode()).lines();
    if (!tree.isEmpty()) {
      lines.add("");
      lines.addAll(tree);
    }
    lines.add("");
    lines.addAll(rest());
    return lines;
  }

  private String launched() {
    JsonNode by = writ.path("requested_by");
    String person = person(by.isObject() ? Text.of(by, "person") : Text.of(writ, "requested_by"));
    boolean claimed =
        by.path("claimed").asBoolean() || writ.path("requested_by_claimed").asBoolean();
    String wish = person.isEmpty() ? "" : " for " + person + (claimed ? " (so it claims)" : "");
    return "Launched by " + Text.of(writ, "launcher") + wish + ".";
  }

  private String answers() {
    String owner = Text.of(writ, "owner");
    String accountable = Text.of(writ, "accountable");
    return owner.equals(accountable)
        ? screen.bold(person(owner)) + " answers for it."
        : owner + " answers for it; on duty was " + screen.bold(person(accountable)) + ".";
  }

  /** A person's bare name, as one says it; anything else as it is. */
  private static String person(String principal) {
    return principal.startsWith("user:") ? principal.substring("user:".length()) : principal;
  }

  private List<String> rest() {
    Sheet sheet = new Sheet();
    sheet.add("writ", Text.of(writ, "writ"));
    sheet.add("state", Text.of(writ, "state"));
    sheet.add("enrolment", enrolment(writ.path("enrolment")));
    sheet.add("ledger", sequence());
    return sheet.lines();
  }

  private String enrolment(JsonNode enrolment) {
    if (!enrolment.isObject()) {
      return Text.of(writ, "enrolment");
    }
    String by = Text.of(enrolment, "by");
    String at = Text.of(enrolment, "at");
    return "number "
        + Text.of(enrolment, "number")
        + (by.isEmpty() ? "" : ", asked for by " + by)
        + (at.isEmpty() ? "" : ", at " + times.at(at));
  }

  private String sequence() {
    String sequence = Text.of(writ, "sequence");
    return sequence.isEmpty() ? "" : "entry " + sequence;
  }
}
