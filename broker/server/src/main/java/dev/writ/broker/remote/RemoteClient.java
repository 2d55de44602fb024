package dev.writ.broker.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one target: its own authorities, the configured proxy and no other, no redirects, no
 * answer larger or later than it may be. Started when first needed.
 */
public final class RemoteClient implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  /** From the connection to the last byte of the body. */
  public static final Duration WHOLE_MAX = Duration.ofSeconds(8);

  private final Optional<SSLContext> tls;
  private final Optional<InetSocketAddress> proxy;
  private final Bounds bounds;
  private final Semaphore atOnce;
  private @Nullable HttpClient client;

  /**
   * @param wholeMax time of one request, from the connection to the last byte of the answer
   * @param bodyBytesMax of an answer; a larger one is cut off
   * @param atOnceMax requests under way; others wait
   */
  public record Bounds(Duration wholeMax, int bodyBytesMax, int atOnceMax) {}

  /**
   * @param tls whom to trust; empty: whom the machine trusts
   */
  public RemoteClient(Optional<SSLContext> tls, Optional<InetSocketAddress> proxy, Bounds bounds) {
    this.tls = tls;
    this.proxy = proxy;
    this.bounds = bounds;
    this.atOnce = new Semaphore(bounds.atOnceMax);
  }

  /** Changes nothing, so it is tried once more when nothing or a server's error comes back. */
  public RemoteReply read(HttpRequest request, Deadline deadline) {
    RemoteReply first = send(request, deadline);
    boolean failed =
        switch (first) {
          case RemoteReply.Answered answer -> answer.status() >= 500;
          case RemoteReply.Unanswered _ -> true;
        };
    return failed ? send(request, deadline) : first;
  }

  /** Makes something: tried once more only if it certainly did not leave. */
  public RemoteReply make(HttpRequest request, Deadline deadline) {
    RemoteReply first = send(request, deadline);
    return first instanceof RemoteReply.Unanswered(RemoteReply.How how, String _)
            && how == RemoteReply.How.NOT_SENT
        ? send(request, deadline)
        : first;
  }

  /** Tried once more when the connection breaks: doing it twice does no harm. */
  public RemoteReply end(HttpRequest request, Deadline deadline) {
    RemoteReply first = send(request, deadline);
    return first instanceof RemoteReply.Unanswered(RemoteReply.How how, String _)
            && how != RemoteReply.How.LATE
        ? send(request, deadline)
        : first;
  }

  private RemoteReply send(HttpRequest request, Deadline deadline) {
    Duration limit = deadline.left(bounds.wholeMax);
    try {
      if (!atOnce.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new RemoteReply.Unanswered(
            RemoteReply.How.NOT_SENT, "too many requests wait for it");
      }
    } catch (InterruptedException stopping) {
      return stopping();
    }
    try {
      return await(request, deadline.left(bounds.wholeMax));
    } finally {
      atOnce.release();
    }
  }

  /** The client's own time-out ends with the headers; this one covers the body, too. */
  private RemoteReply await(HttpRequest request, Duration limit) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client()
            .sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), bounds.bodyBytesMax));
    try {
      HttpResponse<byte[]> response = sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new RemoteReply.Answered(response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException late) {
      sent.cancel(true);
      return new RemoteReply.Unanswered(
          RemoteReply.How.LATE, "no answer within " + limit.toSeconds() + " seconds");
    } catch (InterruptedException stopping) {
      sent.cancel(true);
      return stopping();
    } catch (ExecutionException failed) {
      return unanswered(failed);
    }
  }

  private static RemoteReply stopping() {
    Thread.currentThread().interrupt();
    return new RemoteReply.Unanswered(RemoteReply.How.LATE, "this node is stopping");
  }

  private static RemoteReply unanswered(ExecutionException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case HttpConnectTimeoutException _ -> {
          return notSent("it cannot be reached in time");
        }
        case ConnectException _, UnknownHostException _ -> {
          return notSent("it cannot be reached");
        }
        case SSLHandshakeException untrusted -> {
          return notSent(
              "its certificate is not trusted, see ca: (" + untrusted.getMessage() + ")");
        }
        default -> {}
      }
    }
    return failed.getCause() instanceof IOException
        ? new RemoteReply.Unanswered(RemoteReply.How.CUT, "the connection broke")
        : new RemoteReply.Unanswered(RemoteReply.How.CUT, "the request failed");
  }

  private static RemoteReply notSent(String why) {
    return new RemoteReply.Unanswered(RemoteReply.How.NOT_SENT, why);
  }

  private synchronized HttpClient client() {
    HttpClient ready = client;
    if (ready == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_MAX)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(proxy.map(ProxySelector::of).orElse(HttpClient.Builder.NO_PROXY))
              .executor(Executors.newVirtualThreadPerTaskExecutor());
      tls.ifPresent(builder::sslContext);
      ready = builder.build();
      client = ready;
    }
    return ready;
  }

  /** Gives up what is under way. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
