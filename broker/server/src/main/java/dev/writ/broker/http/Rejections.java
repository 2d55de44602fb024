package dev.writ.broker.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/** Answers to requests that no endpoint sees. */
final class Rejections {
  private Rejections() {}

  static Answer of(int status) {
    return switch (status) {
      case 400 ->
          Problem.invalid(
              "The request could not be read: it is not plain HTTP/1.1, or its path or body is not as it should be.");
      case 405 -> Problem.of(405, "method-not-allowed", "This path does not know that method.");
      case 413 -> Problem.of(413, "too-large", "The body is larger than this path takes.");
      case 414 ->
          Problem.of(
              414, "too-large", "The request line is longer than " + Server.LINE_MAX + " bytes.");
      case 415 ->
          Problem.of(
              415, "unsupported-media-type", "Send the body as it is, without Content-Encoding.");
      case 417 -> Problem.of(417, "expectation-failed", "Only Expect: 100-continue is known here.");
      case 431 ->
          Problem.of(
              431,
              "too-large",
              "The header section is larger than " + Server.HEADER_MAX + " bytes.");
      default -> Problem.notFound();
    };
  }

  /**
   * @param cause why it could not be decoded
   */
  static Answer of(@Nullable Throwable cause) {
    return of(
        cause instanceof TooLongHttpLineException
            ? 414
            : cause instanceof TooLongHttpHeaderException ? 431 : 400);
  }
}
