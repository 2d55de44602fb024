package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.document.Durations;
import dev.writ.document.Json;
import dev.writ.policy.Asked;
import dev.writ.policy.Denial;
import dev.writ.policy.Grant;
import dev.writ.policy.Judgement;
import dev.writ.policy.Policy;
import dev.writ.policy.Requests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ policy try}. */
@Command(
    name = "try",
    description = {
      "Tell what an agent under a policy would get for a request, and why not.",
      "Judges the policy that the broker has now, or a file with --file. Exit 0: granted, 4: denied."
    })
final class PolicyTry extends WritSubcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME[@VERSION]",
      converter = PolicyRef.Converter.class,
      description = "The broker's policy to try.")
  private Optional<PolicyRef> name = Optional.empty();

  @Option(names = "--file", paramLabel = "FILE", description = "Try this policy file instead.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--request",
      paramLabel = "JSON",
      description = "What is asked for, as an element of authorization_details.")
  private Optional<String> request = Optional.empty();

  @Option(
      names = "--resource",
      paramLabel = "URL|ARN",
      description = "All that is granted at a repository (https://github.com/acme/api) or a role.")
  private Optional<String> resource = Optional.empty();

  @Option(
      names = "--audience",
      paramLabel = "URL",
      description = "What is granted at an internal service.")
  private Optional<String> audience = Optional.empty();

  @Option(
      names = "--scope",
      paramLabel = "SCOPES",
      description = "With --audience: these scopes, separated by spaces; repeatable.")
  private List<String> scopes = new ArrayList<>();

  PolicyTry(Surroundings surroundings) {
    super(surroundings);
  }

  private record Tried(String label, Policy policy) {}

  @Override
  Exit run() {
    PolicyContext context = PolicyContext.of(surroundings(), config());
    Asked asked = asked(context);
    Tried tried = tried(context);
    return switch (asked) {
      case Asked.Unclear(Denial denial) -> denied(tried, denial);
      case Asked.For(dev.writ.policy.Request wanted) ->
          switch (tried.policy().authority().judge(wanted)) {
            case Judgement.Refused(Denial denial) -> denied(tried, denial);
            case Judgement.Allowed(Grant grant) -> allowed(tried, grant);
          };
    };
  }

  private Asked asked(PolicyContext context) {
    long ways = List.of(request, resource, audience).stream().filter(Optional::isPresent).count();
    if (ways != 1 || !scopes.isEmpty() && audience.isEmpty()) {
      throw new Failure(
          Exit.USAGE,
          "Say what is asked for in one way: --request JSON, or --resource URL|ARN, or --audience"
              + " URL with or without --scope.");
    }
    if (request.isPresent()) {
      return Requests.details(JsonArgument.array("--request", request.get()).toString());
    }
    return resource
        .map(target -> Requests.resource(target, context.gitHosts()))
        .orElseGet(() ->
            Requests.audience(
                audience.orElseThrow(),
                scopes.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", scopes))));
  }

  private Tried tried(PolicyContext context) {
    if (name.isPresent() == file.isPresent()) {
      throw new Failure(Exit.USAGE, "Name either a policy of the broker's or one in --file FILE.");
    }
    return file.isPresent() ? fromFile(file.get(), context) : fromBroker(name.orElseThrow());
  }

  private Tried fromFile(Path path, PolicyContext context) {
    PolicyFile read = PolicyFile.read(surroundings().directory().resolve(path), context.bounds());
    return read.policy()
        .map(policy -> new Tried(policy.name().value(), policy))
        .orElseThrow(() -> {
          PolicyReport report =
              new PolicyReport(List.of(read), context, surroundings().directory());
          return new Failure(Exit.FAILED, String.join("\n", report.lines(screen())));
        });
  }

  private Tried fromBroker(PolicyRef ref) {
    PublishedPolicy published = new PublishedPolicy(ref.ask(broker()));
    if (published.withdrawn() && ref.version().isEmpty()) {
      throw new Failure(
          Exit.DENIED, "The policy " + ref.name() + " was withdrawn; agents under it get nothing.");
    }
    Policy policy =
        published
            .policy()
            .orElseThrow(() ->
                new Failure(
                    Exit.FAILED,
                    "This writ is older than the broker and does not understand its policy "
                        + published.label()
                        + ". Update it."));
    return new Tried(published.label(), policy);
  }

  private Exit allowed(Tried tried, Grant grant) {
    String life = Durations.print(tried.policy().lifetime().credential());
    JsonNode granted = OwnJson.read(Json.write(grant.details()));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("policy", tried.label());
    result.put("allowed", true);
    result.set("grant", granted);
    result.put("lifetime", life);
    List<String> lines = new ArrayList<>();
    lines.add("Granted under " + screen().bold(tried.label()) + ", for at most " + life + ":");
    lines.add("  " + Grants.text(granted));
    show(result, lines);
    return Exit.DONE;
  }

  private Exit denied(Tried tried, Denial denial) {
    ObjectNode details = (ObjectNode) OwnJson.read(Json.write(denial.details()));
    details.put("policy", tried.label());
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("policy", tried.label());
    result.put("allowed", false);
    result.put("error", denial.code().word());
    result.set("denial", details);
    List<String> lines = new ArrayList<>();
    lines.add(screen().red("Denied") + " (" + denial.code().word() + "):");
    Denials.lines(details).forEach(line -> lines.add("  " + line));
    show(result, lines);
    return Exit.DENIED;
  }
}
