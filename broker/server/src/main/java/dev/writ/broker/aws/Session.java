package dev.writ.broker.aws;

import dev.writ.document.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A session that STS gave.
 *
 * @param user its ARN as STS names it
 * @param expiresAt whole seconds
 */
record Session(
    String accessKeyId,
    String secretAccessKey,
    String sessionToken,
    Instant expiresAt,
    String user) {

  /** What a {@code credential_process} prints (AWS SDKs and Tools Reference Guide). */
  String credentialProcess() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Version", 1);
    json.put("AccessKeyId", accessKeyId);
    json.put("SecretAccessKey", secretAccessKey);
    json.put("SessionToken", sessionToken);
    json.put("Expiration", expiresAt.toString());
    return Json.write(json);
  }

  @Override
  public String toString() {
    return "Session[" + accessKeyId + ", until " + expiresAt + "]";
  }
}
