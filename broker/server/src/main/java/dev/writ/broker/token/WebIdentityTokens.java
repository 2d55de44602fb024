package dev.writ.broker.token;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.broker.keys.KeyRing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Issues the tokens by which this broker assumes roles (OpenID Connect Core section 2, with the
 * claims of "Passing session tags using AssumeRoleWithWebIdentity", IAM User Guide). They go to STS
 * and nowhere else. Safe for use by many threads.
 */
public final class WebIdentityTokens {

  /** What STS has to find in {@code aud}. */
  public static final String AUDIENCE = "sts.amazonaws.com";

  /** From its making to its end; STS reads it at once. */
  public static final Duration LIFE = Duration.ofSeconds(60);

  private static final String TYP = "JWT";
  private static final String TAGS = "https://aws.amazon.com/tags";
  private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";

  private final Supplier<KeyRing> ring;

  /**
   * @param ring the ring of the slot {@code sts}, as it is at each call
   */
  public WebIdentityTokens(Supplier<KeyRing> ring) {
    this.ring = ring;
  }

  /**
   * What a token says beside who is meant; a role's trust has to admit each by an action of its
   * own.
   */
  public enum Part {
    /** Admitted by {@code sts:TagSession}. */
    TAGS,
    /** Admitted by {@code sts:SetSourceIdentity}. */
    SOURCE_IDENTITY
  }

  /** Signs one, whole. */
  public SignedToken issue(WebIdentity identity, Instant now) {
    return issue(identity, EnumSet.allOf(Part.class), now);
  }

  /** Signs one with some parts only: for finding out which of them a role does not admit. */
  public SignedToken issue(WebIdentity identity, Set<Part> parts, Instant now) {
    Instant start = now.truncatedTo(ChronoUnit.SECONDS);
    Instant end = start.plus(LIFE);
    return ClaimsWriter.sign(
        ring.get().signer(), TYP, end, json -> write(identity, parts, start, end, json));
  }

  /** Since when the present key signs. Whoever reads the keys elsewhere may be a little behind. */
  public Instant signsSince() {
    return ring.get().schedule().current().since();
  }

  private static void write(
      WebIdentity identity, Set<Part> parts, Instant start, Instant end, JsonGenerator json)
      throws IOException {
    json.writeStringField("iss", identity.issuer());
    json.writeStringField("sub", identity.subject().toString());
    json.writeStringField("aud", AUDIENCE);
    json.writeNumberField("exp", end.getEpochSecond());
    json.writeNumberField("iat", start.getEpochSecond());
    json.writeStringField("jti", identity.id());
    if (parts.contains(Part.SOURCE_IDENTITY)) {
      json.writeStringField(SOURCE_IDENTITY, identity.sourceIdentity());
    }
    if (parts.contains(Part.TAGS)) {
      writeTags(identity, json);
    }
  }

  private static void writeTags(WebIdentity identity, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(TAGS);
    json.writeObjectFieldStart("principal_tags");
    for (var tag : identity.sortedTags().entrySet()) {
      json.writeArrayFieldStart(tag.getKey());
      json.writeString(tag.getValue());
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeArrayFieldStart("transitive_tag_keys");
    for (String key : identity.sortedTags().keySet()) {
      json.writeString(key);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
