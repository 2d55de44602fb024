package dev.writ.broker.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.TokenKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes claims as JSON and has them signed. */
final class ClaimsWriter {

  /** Its buffers are shared: those of a thread would be made anew for each virtual one. */
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build();

  private static final int USUAL_BYTES = 1_024;

  /** Writes the members of the one object. */
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private ClaimsWriter() {}

  static SignedToken sign(TokenKey key, String typ, Instant expiresAt, Members members) {
    String text = key.sign(typ, bytes(members));
    String sha256 = Digests.sha256Hex(text.getBytes(StandardCharsets.ISO_8859_1));
    return new SignedToken(text, sha256, key.kid(), expiresAt);
  }

  private static byte[] bytes(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Claims cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }
}
