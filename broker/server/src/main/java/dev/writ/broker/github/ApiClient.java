package dev.writ.broker.github;

import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.remote.RemoteReply;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Talks to one GitHub API. */
final class ApiClient implements AutoCloseable {

  /** Five hundred repositories take about three. */
  private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;

  /** GitHub allows a hundred. */
  private static final int AT_ONCE_MAX = 50;

  private final URI api;
  private final RemoteClient client;

  /**
   * @param tls whom to trust; empty: whom the machine trusts
   */
  ApiClient(
      URI api, Optional<SSLContext> tls, Optional<InetSocketAddress> proxy, Duration wholeMax) {
    this.api = api;
    this.client =
        new RemoteClient(
            tls, proxy, new RemoteClient.Bounds(wholeMax, BODY_BYTES_MAX, AT_ONCE_MAX));
  }

  /** Changes nothing, so it may be asked twice. */
  Reply get(String path, Secret bearer, Deadline deadline) {
    return reply(client.read(request("GET", path, BodyPublishers.noBody(), bearer), deadline));
  }

  /** Makes something: asked twice only if it certainly did not leave. */
  Reply post(String path, String json, Secret bearer, Deadline deadline) {
    return reply(
        client.make(request("POST", path, BodyPublishers.ofString(json), bearer), deadline));
  }

  /** Ends something, which may be asked twice. */
  Reply delete(String path, Secret bearer, Deadline deadline) {
    return reply(client.end(request("DELETE", path, BodyPublishers.noBody(), bearer), deadline));
  }

  private HttpRequest request(String method, String path, BodyPublisher body, Secret bearer) {
    return HttpRequest.newBuilder(URI.create(api + path))
        .method(method, body)
        .header("Authorization", "Bearer " + bearer.text())
        .header("Accept", "application/vnd.github+json")
        .header("Content-Type", "application/json")
        .header("User-Agent", "writ-broker")
        .header("X-GitHub-Api-Version", "2022-11-28")
        .build();
  }

  private static Reply reply(RemoteReply reply) {
    return switch (reply) {
      case RemoteReply.Answered answer ->
          new Reply.Answer(answer.status(), answer.headers(), Bodies.read(answer.body()));
      case RemoteReply.Unanswered(RemoteReply.How how, String why) -> new Reply.Silence(how, why);
    };
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    client.close();
  }
}
