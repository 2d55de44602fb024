package dev.writ.broker.telemetry;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A secret wherever a confused caller might put it. */
final class Misplaced {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  private final ServedBroker broker;
  private final Canary canary;
  private final AgentClient agent;
  private final Http nobody;

  Misplaced(ServedBroker broker, Canary canary, AgentClient agent) {
    this.broker = broker;
    this.canary = canary;
    this.agent = agent;
    this.nobody = broker.anybody();
  }

  void everywhere(String secret) {
    inPathAndQuery(secret);
    inHeaders(secret);
    inTokenRequests(secret);
    inBodies(secret);
  }

  private void inPathAndQuery(String secret) {
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    for (String path :
        List.of(
            "/nowhere/" + encoded,
            "/" + encoded,
            "/token?access_token=" + encoded,
            "/v1/agents?access_token=" + encoded,
            "/v1/agents/" + encoded,
            "/v1/writs/" + encoded,
            "/v1/policies/" + encoded,
            "/v1/owners/" + encoded,
            "/v1/agents?cursor=" + encoded,
            "/v1/agents?state=" + encoded,
            "/v1/writs?agent=" + encoded,
            "/v1/blame?token=" + encoded,
            "/v1/blame?token_sha256=" + encoded,
            "/v1/blame?jti=" + encoded,
            "/v1/credentials/aws?role=" + encoded,
            "/v1/self?token=" + encoded)) {
      canary.refused(send("GET", path, Map.of(), ""));
      canary.harmless(broker.operator().send("GET", path, Map.of(), ""));
      canary.harmless(agent.send(Via.MTLS, "GET", path, Map.of(), ""));
    }
  }

  private void inHeaders(String secret) {
    for (String header :
        List.of(
            "User-Agent",
            "Cookie",
            "X-Request-Id",
            "X-Token",
            "traceparent",
            "tracestate",
            "baggage",
            "DPoP",
            "Referer",
            "Accept",
            "Content-Type")) {
      canary.refused(send("GET", "/v1/self", Map.of(header, secret), ""));
      canary.refused(send("POST", "/token", Map.of(header, secret), ""));
    }
    for (String scheme : List.of("", "Basic ", "Bearer ", "DPoP ", "Digest ")) {
      // The operator's own token, as a bearer of it, is no mistake.
      Map<String, String> header = Map.of("Authorization", scheme + secret);
      if (!(scheme + secret).equals("Bearer " + broker.operatorToken())) {
        canary.refused(send("GET", "/v1/agents", header, ""));
      }
      canary.refused(send("POST", "/v1/svid", header, "{\"csr\":\"x\"}"));
      canary.refused(agent.send(Via.MTLS, "GET", "/v1/self", header, ""));
    }
    canary.refused(
        send("GET", "/v1/self", Map.of("X-" + secret.replaceAll("[^A-Za-z0-9]", ""), "x"), ""));
  }

  private void inTokenRequests(String secret) {
    Ask ask = Ask.audience(ServedBroker.DEPLOY);
    for (Ask wrong :
        List.of(
            ask.with("actor_token", secret),
            ask.with("subject_token", secret),
            ask.with("subject_token_type", secret),
            ask.with("grant_type", secret),
            ask.with("requested_token_type", secret),
            ask.with("requested_ttl", secret),
            ask.with("scope", secret),
            Ask.audience(secret),
            Ask.resource(secret),
            Ask.resource("https://github.com/" + secret),
            Ask.internal(secret, "deploy:read"),
            Ask.internal(ServedBroker.DEPLOY, secret),
            Ask.github(secret, Map.of("contents", "read")),
            Ask.github("acme/api", Map.of("contents", secret)),
            Ask.github("acme/api", Map.of(secret, "read")),
            Ask.aws(secret, List.of("s3:GetObject"), List.of("*")),
            Ask.detailsJson(secret),
            Ask.detailsJson("[\"" + secret + "\"]"),
            Ask.detailsJson("[{\"type\":\"" + secret + "\"}]"),
            Ask.detailsJson("[{\"" + secret + "\":\"internal\"}]"))) {
      canary.refused(agent.exchange(Via.MTLS, wrong));
    }
    canary.refused(send("POST", "/token", FORM, secret));
    canary.refused(send("POST", "/token", FORM, "client_secret=" + secret));
    canary.refused(agent.exchange(Via.NOTHING, ask, Map.of("DPoP", secret)));
  }

  private void inBodies(String secret) {
    Launch launch = Launch.of("deployer").owner("user:ada");
    for (Launch wrong :
        List.of(
            launch.with("enrolment_token", secret),
            launch.with(secret, "x"),
            launch.with("policy", secret),
            launch.owner(secret),
            launch.owner("user:" + secret),
            launch.with("ttl", secret),
            launch.with("narrow", secret),
            launch.with("context", secret),
            launch.narrow(List.of(Map.of("type", secret))))) {
      canary.refused(broker.operator().launch(wrong));
    }
    for (String body :
        List.of(
            secret,
            "\"" + secret + "\"",
            "{\"csr\":\"" + secret + "\"}",
            "{\"csr\":\"" + agent.key().privatePem().replace("\n", "\\n") + "\"}",
            "{\"csr\":\"x\",\"token\":\"" + secret + "\"}")) {
      canary.refused(send("POST", "/v1/svid", Map.of("Content-Type", "application/json"), body));
      canary.refused(
          broker.operator().send("POST", "/v1/agents/" + agent.id() + "/extend", Map.of(), body));
      canary.refused(
          broker.operator().send("POST", "/v1/agents/" + agent.id() + "/kill", Map.of(), body));
      canary.refused(broker.operator().send("POST", "/v1/policies", Map.of(), body));
      canary.refused(broker.operator().send("POST", "/v1/owners", Map.of(), body));
    }
    String git = "protocol=https\nhost=%s\npath=%s\nusername=%s\npassword=%s\n";
    for (String host : List.of("github.com", secret)) {
      canary.refused(agent.git(Via.MTLS, git.formatted(host, secret, secret, secret)));
    }
    canary.refused(broker.operator().introspect(secret));
    canary.harmless(agent.revoke(Via.MTLS, "no-" + secret));
    canary.refused(broker.operator().owner(agent.id(), secret));
  }

  private Reply send(String method, String path, Map<String, String> headers, String body) {
    return nobody.send(method, URI.create(broker.url() + path), headers, body);
  }
}
