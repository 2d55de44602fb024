package dev.writ.vault;

import io.github.jopenlibs.vault.json.JsonObject;

/** What came of one request. */
sealed interface Answer<T> {

  record Got<T>(T value) implements Answer<T> {}

  /**
   * @param said Vault's own words, cut to a line; may be empty
   */
  record Failed<T>(Trouble trouble, String said) implements Answer<T> {

    <U> Answer<U> as() {
      return new Failed<>(trouble, said);
    }
  }

  /** The member {@code data}, or the whole where there is none. */
  static Answer<JsonObject> of(JsonObject body) {
    return new Got<>(
        body.get("data") != null && body.get("data").isObject()
            ? body.get("data").asObject()
            : body);
  }
}
