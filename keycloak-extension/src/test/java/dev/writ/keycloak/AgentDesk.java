package dev.writ.keycloak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Launches agents at a broker and keeps their keys, for stories in JavaScript:
 *
 * <ul>
 *   <li>{@code POST /as/{who}/agents}: the body is that of {@code POST /v1/agents}
 *   <li>{@code POST /agents/{id}/agents}: the same as this agent, for a child
 *   <li>{@code POST /agents/{id}/token}: the body is one element of {@code authorization_details}
 *   <li>{@code GET /as/{who}/agents/{id}}: what the broker says of it
 * </ul>
 *
 * It answers as the broker did. Whoever was launched has enrolled.
 */
final class AgentDesk implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> JSON_BODY = Map.of("Content-Type", "application/json");

  private final URI broker;
  private final String trustPem;
  private final UnaryOperator<String> tokens;
  private final Map<String, AgentClient> agents = new ConcurrentHashMap<>();
  private final FakeServer server = FakeServer.http(0, this::answer);

  /**
   * @param tokens somebody's access token, by name
   */
  AgentDesk(URI broker, String trustPem, UnaryOperator<String> tokens) {
    this.broker = broker;
    this.trustPem = trustPem;
    this.tokens = tokens;
  }

  URI url() {
    return server.url();
  }

  private Answer answer(FakeServer.Request request) {
    String[] path = request.path().split("/", -1);
    Reply reply =
        switch (request.method() + " " + path[1] + " " + path.length) {
          case "POST as 4" -> launch(path[2], request.body());
          case "GET as 5" -> look(path[2], path[4]);
          case "POST agents 4" -> speak(agent(path[2]), path[3], request.body());
          default -> throw new IllegalArgumentException(request.method() + " " + request.path());
        };
    return Answer.json(reply.status(), reply.body());
  }

  private AgentClient agent(String id) {
    return Objects.requireNonNull(agents.get(id), "was not launched here");
  }

  private Reply speak(AgentClient agent, String what, String body) {
    return what.equals("token")
        ? agent.exchange(Via.MTLS, ask(body))
        : enrolled(agent.send(Via.MTLS, "POST", "/v1/agents", JSON_BODY, body));
  }

  private Reply launch(String who, String body) {
    try (Launcher launcher = launcher(who)) {
      return enrolled(launcher.send("POST", "/v1/agents", Map.of(), body));
    }
  }

  private Reply look(String who, String id) {
    try (Launcher launcher = launcher(who)) {
      return launcher.agent(id);
    }
  }

  private Launcher launcher(String who) {
    return Launcher.at(broker, trustPem, tokens.apply(who));
  }

  private Reply enrolled(Reply launched) {
    if (launched.status() == 201) {
      AgentClient agent = AgentClient.at(broker, trustPem);
      agent.enrol(launched.text("enrolment_token")).expect(200);
      agents.put(launched.text("id"), agent);
    }
    return launched;
  }

  private static Ask ask(String detail) {
    try {
      JsonNode node = JSON.readTree(detail);
      return Ask.detailsJson(JSON.createArrayNode().add((ObjectNode) node).toString());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(detail, e);
    }
  }

  @Override
  public void close() {
    server.close();
    List.copyOf(agents.values()).forEach(AgentClient::close);
  }
}
