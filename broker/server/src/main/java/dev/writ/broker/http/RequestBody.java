package dev.writ.broker.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Collects the body of one request up to a limit. Vert.x Web's {@code BodyHandler} would take a
 * form apart as well; the endpoints read forms themselves, strictly and once.
 */
final class RequestBody implements Handler<Buffer> {
  private final int max;
  private final Runnable tooLarge;
  private Buffer collected;
  private boolean refused;

  private RequestBody(int max, long announced, Runnable tooLarge) {
    this.max = max;
    this.tooLarge = tooLarge;
    this.collected = Buffer.buffer((int) Math.min(announced, max));
  }

  /**
   * Runs one of the two, on the event loop: {@code whole} when all is there, {@code tooLarge} as
   * soon as it is known to be more than {@code max} bytes, of which the rest is thrown away.
   */
  static void collect(
      HttpServerRequest request, int max, Consumer<Buffer> whole, Runnable tooLarge) {
    long announced = announced(request);
    RequestBody body = new RequestBody(max, announced, tooLarge);
    request.handler(body);
    request.endHandler(end -> {
      if (!body.refused) {
        whole.accept(body.collected);
      }
    });
    if (announced > max) {
      body.refuse();
    }
  }

  @Override
  public void handle(Buffer part) {
    if (refused) {
      return;
    }
    if ((long) collected.length() + part.length() > max) {
      refuse();
    } else {
      collected.appendBuffer(part);
    }
  }

  private void refuse() {
    refused = true;
    collected = Buffer.buffer(0);
    tooLarge.run();
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Math.max(0, Long.parseLong(length));
    } catch (NumberFormatException leftToTheDecoder) {
      return 0;
    }
  }
}
