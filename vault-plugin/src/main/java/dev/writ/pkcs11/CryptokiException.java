package dev.writ.pkcs11;

/** The token could not do what was asked: mostly, a function returned no {@code CKR_OK}. */
final class CryptokiException extends Exception {
  private static final long serialVersionUID = 1;

  private final Trouble trouble;

  CryptokiException(String function, long code) {
    this(Trouble.of(code), "%s returned 0x%X".formatted(function, code));
  }

  /**
   * @param detail may be empty
   */
  CryptokiException(Trouble trouble, String detail) {
    super(detail);
    this.trouble = trouble;
  }

  Trouble trouble() {
    return trouble;
  }
}
