package dev.writ.pkcs11;

/**
 * What can be wrong with a token, or with what is asked of it. docs/keys.md says of each what goes
 * on without it.
 */
enum Trouble {
  NO_MODULE("the module cannot be loaded", "Install it, and name its file by ?module-path=."),
  NO_TOKEN(
      "no such token",
      "Connect the HSM, or mend token, manufacturer, model, serial or slot-id of the URI."),
  TWO_TOKENS("several tokens match", "Add serial= or slot-id= to the URI."),
  NO_PIN(
      "there is no PIN",
      "Name a file of its owner's alone by ?pin-source=file:…, or set WRIT_PKCS11_PIN."),
  PIN_WRONG(
      "the token refuses the PIN",
      "Mend it where it is kept. The same one is not tried again, for too many wrong ones lock the token."),
  PIN_LAST_TRY(
      "one more wrong PIN would lock the token, so none is tried",
      "Log in once by the token's own tool with the right PIN, which resets the count."),
  PIN_LOCKED(
      "the PIN is locked", "Let the token's security officer set a new one, then store that."),
  PIN_UNSET("the token has no PIN yet", "Initialize it by its security officer."),
  NO_OBJECT("no such object", "Make the key, or mend object or id of the URI."),
  TWO_OBJECTS("several objects match", "Add id= to the URI, or remove what is not meant."),
  NO_PUBLIC_KEY(
      "the private key has no public key beside it",
      "Store the public key in the token, with the same id."),
  WRONG_KEY(
      "a key of this kind cannot be used here",
      "Expected EC P-256, RSA of at least 2048 bits or Ed25519 to sign, AES-256 for the envelope."),
  NOT_PERMITTED(
      "the token does not let the key do that",
      "Make one with the usage that is needed: sign, or encrypt and decrypt."),
  NO_MECHANISM(
      "the token does not have the mechanism", "Use a key of another kind, or another token."),
  REMOVED("the token is gone", "Connect it again; the broker goes on by itself."),
  SESSION_LOST(
      "the token forgot the session", "It was opened anew once, in vain: look at the token."),
  NOT_OPENED(
      "the token cannot decrypt it by that key",
      "Another key wrapped it: use that of this deployment's database."),
  FAILED("the token failed", "Look into its log.");

  private final String found;
  private final String remedy;

  Trouble(String found, String remedy) {
    this.found = found;
    this.remedy = remedy;
  }

  String found() {
    return found;
  }

  String remedy() {
    return remedy;
  }

  /** What a return value (PKCS#11 v2.40 section 5.1, {@code CKR_…}) means to an operator. */
  static Trouble of(long code) {
    return switch ((int) code) {
      case 0xA0, 0xA1, 0xA2 -> PIN_WRONG;
      case 0xA3, 0xA4 -> PIN_LOCKED;
      case 0x102 -> PIN_UNSET;
      case 0x03, 0x32, 0xE0, 0xE1 -> REMOVED;
      case 0x60, 0x82, 0xB0, 0xB3, 0x101, 0x190 -> SESSION_LOST;
      case 0x40, 0x41 -> NOT_OPENED;
      case 0x62, 0x63, 0x64 -> WRONG_KEY;
      case 0x67, 0x68 -> NOT_PERMITTED;
      case 0x70, 0x71 -> NO_MECHANISM;
      default -> FAILED;
    };
  }

  /** Whether a new session may do what an old one could not any more. */
  boolean wantsNewSession() {
    return switch (this) {
      case REMOVED, SESSION_LOST, FAILED, NO_TOKEN, NO_OBJECT -> true;
      case NO_MODULE, TWO_TOKENS, NO_PIN, PIN_WRONG, PIN_LAST_TRY, PIN_LOCKED, PIN_UNSET -> false;
      case TWO_OBJECTS, NO_PUBLIC_KEY, WRONG_KEY, NOT_PERMITTED, NO_MECHANISM, NOT_OPENED -> false;
    };
  }
}
