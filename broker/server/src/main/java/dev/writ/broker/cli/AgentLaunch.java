package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ agent launch}. */
@Command(
    name = "launch",
    description = {
      "Bring an agent to life under a policy.",
      "Its one-time enrolment token, good for minutes, is what the caller needs: it is printed, or"
          + " written to --token-file."
    })
final class AgentLaunch extends WritSubcommand {
  @Option(names = "--policy", required = true, paramLabel = "NAME", description = "Its policy.")
  private String policy = "";

  @Option(
      names = "--owner",
      paramLabel = "OWNER",
      description = "Who answers for it: user:NAME or group:NAME.")
  private Optional<String> owner = Optional.empty();

  @Option(names = "--task", paramLabel = "TEXT", description = "What it is for.")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "How long it lives, such as 4h; the policy's lifetime unless given.")
  private Optional<String> ttl = Optional.empty();

  @Option(names = "--role", paramLabel = "NAME", description = "What it is among its kind.")
  private Optional<String> role = Optional.empty();

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "A label; repeatable.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--narrow",
      paramLabel = "JSON",
      description = "Less than the policy allows: an array of authorization_details.")
  private Optional<String> narrow = Optional.empty();

  @Option(names = "--harness", paramLabel = "NAME", description = "The program that it runs in.")
  private Optional<String> harness = Optional.empty();

  @Option(names = "--session", paramLabel = "ID", description = "Its session in the harness.")
  private Optional<String> session = Optional.empty();

  @Option(names = "--model", paramLabel = "NAME", description = "The model that it runs on.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--continues",
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "The agent whose work it goes on with.")
  private Optional<AgentId> continues = Optional.empty();

  @Option(
      names = "--requested-by",
      paramLabel = "USER",
      description = "Whose wish it is: user:NAME.")
  private Optional<String> requestedBy = Optional.empty();

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "With the same key and the same options again you get the same agent.")
  private Optional<String> idempotencyKey = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Write the enrolment token there, for you alone to read, and do not print it.")
  private Optional<Path> tokenFile = Optional.empty();

  AgentLaunch(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    Map<String, String> headers = new LinkedHashMap<>();
    idempotencyKey.ifPresent(key -> headers.put("Idempotency-Key", key));
    Optional<TokenFile> file =
        tokenFile.map(path -> TokenFile.create(surroundings().directory().resolve(path)));
    ObjectNode agent;
    try {
      agent = broker().post("/v1/agents", body(), headers);
    } catch (Failure failed) {
      file.ifPresent(TokenFile::delete);
      throw failed;
    }
    file.ifPresent(target -> target.take(agent));
    show(agent, lines(agent));
    return Exit.DONE;
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("policy", policy);
    owner.ifPresent(name -> body.put("owner", name));
    task.ifPresent(text -> body.put("task", text));
    ttl.ifPresent(duration -> body.put("ttl", duration));
    role.ifPresent(name -> body.put("role", name));
    if (!labels.isEmpty()) {
      ObjectNode object = body.putObject("labels");
      labels.forEach(object::put);
    }
    narrow.ifPresent(text -> body.set("narrow", JsonArgument.array("--narrow", text)));
    ObjectNode context = context();
    if (!context.isEmpty()) {
      body.set("context", context);
    }
    requestedBy.ifPresent(user -> body.put("requested_by", user));
    return body;
  }

  private ObjectNode context() {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    harness.ifPresent(name -> context.put("harness", name));
    session.ifPresent(id -> context.put("session", id));
    model.ifPresent(name -> context.put("model", name));
    continues.ifPresent(agent -> context.put("continues", agent.uuid()));
    return context;
  }

  private List<String> lines(JsonNode agent) {
    Times times = new Times(screen().zone());
    String enrolUntil = times.at(Text.of(agent, "enrolment_expires_at"));
    List<String> lines = new ArrayList<>();
    lines.add("Launched " + screen().bold(Text.of(agent, "id")) + ".");
    Sheet sheet = new Sheet();
    sheet.add("SPIFFE ID", Text.of(agent, "spiffe_id"));
    sheet.add("policy", Text.of(agent, "policy"));
    sheet.add("owner", Agents.owner(agent));
    sheet.add("lives until", times.at(Text.of(agent, "expires_at")));
    if (Text.has(agent, TokenFile.SHOWN)) {
      String file = Text.of(agent, TokenFile.SHOWN);
      sheet.add("enrolment", "token in " + file + ", good once, until " + enrolUntil);
    } else if (Text.has(agent, "enrolment_token")) {
      sheet.add("enrolment", Text.of(agent, "enrolment_token"));
      sheet.add("", "This one-time token is a secret: give it to the agent, once, until");
      sheet.add("", enrolUntil + ".");
    } else {
      sheet.add("enrolment", "done already: no other token is given");
    }
    lines.addAll(sheet.lines());
    return lines;
  }
}
