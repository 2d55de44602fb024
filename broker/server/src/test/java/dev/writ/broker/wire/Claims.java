package dev.writ.broker.wire;

import com.nimbusds.jwt.SignedJWT;
import dev.writ.fixtures.http.Reply;
import java.text.ParseException;
import java.util.Map;

/** What an issued access token says. */
final class Claims {
  private Claims() {}

  static Map<String, Object> of(Reply reply) {
    try {
      return SignedJWT.parse(reply.text("access_token")).getJWTClaimsSet().toJSONObject();
    } catch (ParseException e) {
      throw new AssertionError("not a signed JWT", e);
    }
  }
}
