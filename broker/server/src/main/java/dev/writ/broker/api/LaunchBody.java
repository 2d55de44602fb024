package dev.writ.broker.api;

import dev.writ.broker.agent.AgentRecord.Context;
import dev.writ.broker.agent.LaunchRequest;
import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Value;
import dev.writ.policy.Principal;
import dev.writ.policy.Request;
import dev.writ.policy.Requests;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the body of {@code POST /v1/agents}. */
final class LaunchBody {
  private static final Duration TTL_MIN = Duration.ofSeconds(1);
  private static final Duration TTL_MAX = Duration.ofDays(365);
  private static final int NAME_MAX = 255;
  private static final int TASK_MAX = 1_000;
  private static final int LABELS_MAX = 32;

  private LaunchBody() {}

  static Parsed<LaunchRequest> read(byte[] body) {
    return Document.json(body, Limits.REQUEST).read(LaunchBody::read);
  }

  private static Optional<LaunchRequest> read(Value root) {
    Fields fields =
        root.fields(
            "policy",
            "owner",
            "task",
            "ttl",
            "role",
            "labels",
            "narrow",
            "enrol",
            "context",
            "requested_by");
    Optional<String> policy = fields.required("policy").string(63);
    Optional<String> owner = fields.optional("owner").string(NAME_MAX + 6);
    Optional<String> task = fields.optional("task").prose(TASK_MAX);
    Optional<Duration> ttl = fields.optional("ttl").duration(TTL_MIN, TTL_MAX);
    Optional<String> role = fields.optional("role").string(63);
    Map<String, String> labels = labels(fields.optional("labels"));
    Optional<List<Request>> narrow =
        fields.has("narrow")
            ? Optional.of(Requests.narrow(fields.optional("narrow")))
            : Optional.empty();
    if (fields.has("enrol")) {
      fields
          .optional("enrol")
          .problem(
              "platforms are not supported by this version; leave it out to get a one-time token");
    }
    Optional<Context> context = context(fields.optional("context"));
    Optional<String> requestedBy =
        fields.optional("requested_by").parsed("user:<name>", LaunchBody::user);
    return root.whenSound(() ->
        new LaunchRequest(
            policy.orElseThrow(), owner, ttl, task, role, labels, narrow, context, requestedBy));
  }

  private static Optional<String> user(String text) {
    return Principal.of(text)
        .filter(principal -> principal.kind() == Principal.Kind.USER)
        .map(Principal::toString);
  }

  private static Map<String, String> labels(Value value) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (value.isPresent()) {
      value
          .entries(LABELS_MAX)
          .forEach((name, text) -> {
            if (name.isEmpty() || name.length() > NAME_MAX) {
              text.problem("a label's name has 1 to " + NAME_MAX + " characters");
            }
            text.string(NAME_MAX).ifPresent(label -> labels.put(name, label));
          });
    }
    return labels;
  }

  private static Optional<Context> context(Value value) {
    if (!value.isPresent()) {
      return Optional.empty();
    }
    Fields fields = value.fields("harness", "session", "model", "continues");
    Optional<String> harness = fields.required("harness").string(NAME_MAX);
    Optional<String> session = fields.required("session").string(NAME_MAX);
    Optional<String> model = fields.optional("model").string(NAME_MAX);
    Optional<UUID> continues = fields.optional("continues").parsed("an agent's UUID", Ids::parse);
    return harness.flatMap(h -> session.map(s -> new Context(h, s, model, continues)));
  }
}
