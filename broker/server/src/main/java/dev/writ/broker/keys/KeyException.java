package dev.writ.broker.keys;

import java.util.Objects;

/**
 * A key that cannot be had or does not do what it should. The message is for the operator: what was
 * wrong, what is allowed, what to do; never key material.
 */
public final class KeyException extends RuntimeException {

  public KeyException(String message) {
    super(message);
  }

  public KeyException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Always there: every constructor demands one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }
}
