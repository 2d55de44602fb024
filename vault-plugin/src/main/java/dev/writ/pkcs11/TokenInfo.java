package dev.writ.pkcs11;

import java.util.Optional;

/** What a token says of itself ({@code CK_TOKEN_INFO}). */
record TokenInfo(String label, String manufacturer, String model, String serial, long flags) {
  private static final long LOGIN_REQUIRED = 0x4;
  private static final long USER_PIN_FINAL_TRY = 0x20000;
  private static final long USER_PIN_LOCKED = 0x40000;

  boolean matches(Pkcs11Uri uri) {
    return is(uri.text("token"), label)
        && is(uri.text("manufacturer"), manufacturer)
        && is(uri.text("model"), model)
        && is(uri.text("serial"), serial);
  }

  private static boolean is(Optional<String> asked, String own) {
    return asked.isEmpty() || asked.get().equals(own);
  }

  boolean wantsLogin() {
    return (flags & LOGIN_REQUIRED) != 0;
  }

  boolean isLastTry() {
    return (flags & USER_PIN_FINAL_TRY) != 0;
  }

  boolean isLocked() {
    return (flags & USER_PIN_LOCKED) != 0;
  }
}
