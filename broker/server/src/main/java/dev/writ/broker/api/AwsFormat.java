package dev.writ.broker.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.http.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/** AWS credentials as SDKs' container credential provider reads them. */
final class AwsFormat {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AwsFormat() {}

  /**
   * @param issued whose secret is the JSON of a {@code credential_process}
   */
  static Answer container(Outcome.Issued issued) {
    JsonNode process = parse(issued.secret());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("AccessKeyId", process.required("AccessKeyId").textValue());
    body.put("SecretAccessKey", process.required("SecretAccessKey").textValue());
    body.put("Token", process.required("SessionToken").textValue());
    body.put("Expiration", process.required("Expiration").textValue());
    return Answer.json(body);
  }

  private static JsonNode parse(String secret) {
    try {
      return JSON.readTree(secret);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException(
          "credentials for AWS that are no JSON"); // no cause: it quotes
    }
  }
}
