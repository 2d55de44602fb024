package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.policy.Principal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ owner who}. */
@Command(name = "who", description = "Tell which person answers for an owner's agents.")
final class OwnerWho extends WritSubcommand {
  @Parameters(
      paramLabel = "OWNER",
      converter = OwnerName.class,
      description = "user:NAME or group:NAME.")
  private Optional<Principal> owner = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = InstantArgument.class,
      description = "When, such as 2026-11-23T10:00:00Z; now unless given.")
  private Optional<Instant> at = Optional.empty();

  OwnerWho(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    String name = URLEncoder.encode(owner.orElseThrow().toString(), StandardCharsets.UTF_8);
    ObjectNode answer =
        broker()
            .get(
                "/v1/owners/" + name.replace("+", "%20"),
                at.map(time -> Map.of("at", time.toString())).orElse(Map.of()));
    show(answer, lines(answer));
    return Exit.DONE;
  }

  private List<String> lines(ObjectNode answer) {
    Times times = new Times(screen().zone());
    String person = Text.of(answer, "accountable");
    List<String> lines = new ArrayList<>();
    if (person.isEmpty()) {
      lines.add("Nobody answers for " + Text.of(answer, "owner") + " then.");
      return lines;
    }
    String tense = at.isPresent() ? " answers for " : " answers now for ";
    lines.add(screen().bold(person) + tense + Text.of(answer, "owner") + ".");
    Sheet sheet = new Sheet();
    sheet.add("from", time(answer, "from", times));
    sheet.add("until", time(answer, "until", times));
    lines.addAll(sheet.lines());
    return lines;
  }

  private static String time(ObjectNode answer, String member, Times times) {
    String time = Text.of(answer, member);
    return time.isEmpty() ? "" : times.at(time);
  }
}
