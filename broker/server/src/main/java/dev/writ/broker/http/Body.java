package dev.writ.broker.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body whole, up to a limit, and decodes nothing: forms are read by their
 * endpoints, strictly. What exceeds the limit or cannot be read ends in a status; what then still
 * arrives is thrown away until the connection's patience ends.
 */
final class Body {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

  private final int max;
  private final Consumer<byte[]> whole;
  private final IntConsumer refused;
  private final Buffer read = Buffer.buffer();
  private boolean ended;

  private Body(int max, Consumer<byte[]> whole, IntConsumer refused) {
    this.max = max;
    this.whole = whole;
    this.refused = refused;
  }

  /**
   * Calls exactly one of the two, once, on the event loop.
   *
   * @param max in bytes
   * @param refused is given the status
   */
  static void read(
      HttpServerRequest request, int max, Consumer<byte[]> whole, IntConsumer refused) {
    Body body = new Body(max, whole, refused);
    int status = body.announced(request);
    if (status != 0) {
      refused.accept(status);
      return;
    }
    request.handler(body::append);
    request.exceptionHandler(broken -> body.refuse(400));
    request.endHandler(end -> body.end());
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
  }

  /** What the header section already rules out; 0 if nothing. */
  private int announced(HttpServerRequest request) {
    @Nullable String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      return 415;
    }
    @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > max)) {
      return 413;
    }
    @Nullable String expected = request.getHeader(HttpHeaders.EXPECT);
    return expected == null || expected.equalsIgnoreCase("100-continue") ? 0 : 417;
  }

  private void append(Buffer chunk) {
    if (ended) {
      return;
    }
    if (read.length() + chunk.length() > max) {
      refuse(413);
    } else {
      read.appendBuffer(chunk);
    }
  }

  private void refuse(int status) {
    if (!ended) {
      ended = true;
      refused.accept(status);
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      whole.accept(read.getBytes());
    }
  }
}
