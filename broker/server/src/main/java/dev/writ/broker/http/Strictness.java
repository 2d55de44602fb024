package dev.writ.broker.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;

/**
 * Stands between Netty's decoder and Vert.x and turns what two servers in a row could understand
 * differently into an invalid request, which is answered with 400 and ends the connection: that is
 * what request smuggling lives on. Netty itself refuses the rest, such as two lengths or a length
 * beside chunks.
 */
final class Strictness extends ChannelInboundHandlerAdapter {

  private boolean refused;

  /** Puts itself in front of the connection's own handler; called before its first request. */
  static void enforceOn(HttpConnection connection) {
    ChannelHandlerContext own = ((HttpServerConnection) connection).channelHandlerContext();
    own.pipeline().addBefore(own.name(), "strictness", new Strictness());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (refused) {
      // The connection closes only when the answer is out. Until then nothing more is a request.
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      if (request.decoderResult().isSuccess() && !isSound(request)) {
        request.setDecoderResult(
            DecoderResult.failure(new IllegalArgumentException("not one plain request")));
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
      }
      refused = request.decoderResult().isFailure();
    }
    super.channelRead(context, message);
  }

  private static boolean isSound(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return isKnown(request.protocolVersion())
        && !headers.contains("")
        && headers.getAll(HttpHeaderNames.HOST).size() <= 1
        && isChunkedOrAbsent(headers.getAll(HttpHeaderNames.TRANSFER_ENCODING));
  }

  /** Vert.x knows these two instances, answers 501 to any other, and so to {@code http/1.1}. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isKnown(HttpVersion version) {
    return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
  }

  /** No other transfer coding is decoded here, so none may be named (RFC 9112 section 6.1). */
  private static boolean isChunkedOrAbsent(List<String> codings) {
    return codings.isEmpty() || (codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"));
  }
}
