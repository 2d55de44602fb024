package dev.writ.broker.token;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.trust.SpiffeId;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/** Issues RFC 9068 access tokens for internal audiences. Safe for use by many threads. */
public final class AccessTokens {

  private static final String TYP = "at+jwt";

  private final String issuer;
  private final Supplier<KeyRing> ring;

  /**
   * @param ring the ring of the slot {@code token}, as it is at each call
   */
  public AccessTokens(String issuer, Supplier<KeyRing> ring) {
    this.issuer = issuer;
    this.ring = ring;
  }

  /** Signs it; recording it and letting it out is the caller's. */
  public SignedToken issue(AccessToken token) {
    Instant end = token.expiresAt().truncatedTo(ChronoUnit.SECONDS);
    return ClaimsWriter.sign(ring.get().signer(), TYP, end, json -> write(token, end, json));
  }

  private void write(AccessToken token, Instant end, JsonGenerator json) throws IOException {
    String subject = token.subject().toString();
    json.writeStringField("iss", issuer);
    json.writeStringField("sub", subject);
    json.writeStringField("aud", token.audience());
    json.writeNumberField("exp", end.getEpochSecond());
    json.writeNumberField("iat", token.issuedAt().getEpochSecond());
    json.writeStringField("jti", token.jti());
    json.writeStringField("client_id", subject);
    if (!token.scopes().isEmpty()) {
      json.writeStringField("scope", String.join(" ", token.scopes()));
    }
    json.writeFieldName("authorization_details");
    json.writeRawValue(token.authorizationDetails());
    json.writeObjectFieldStart("cnf");
    switch (token.confirmation()) {
      case Confirmation.Certificate(String hash) -> json.writeStringField("x5t#S256", hash);
      case Confirmation.Key(String jkt) -> json.writeStringField("jkt", jkt);
    }
    json.writeEndObject();
    json.writeStringField("policy", token.policy());
    json.writeStringField("owner", token.owner());
    json.writeArrayFieldStart("writ_lineage");
    for (SpiffeId ancestor : token.lineage()) {
      json.writeString(ancestor.toString());
    }
    json.writeEndArray();
  }
}
