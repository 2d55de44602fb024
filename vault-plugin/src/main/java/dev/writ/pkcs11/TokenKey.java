package dev.writ.pkcs11;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key in a token, with a session of its own. What the token forgot (it was restarted, taken out
 * or logged out) is looked for anew, once for each use; so a token that comes back is used again by
 * itself.
 */
final class TokenKey {
  private static final Logger log = LoggerFactory.getLogger(TokenKey.class);

  /** More than one is too many already. */
  private static final int MATCHES_MAX = 2;

  private static final int SLOTS_TRIED = 2;

  /** What is done with a key. */
  interface Use<T> {
    T with(Cryptoki module, long session, long key) throws CryptokiException;
  }

  private record Opened(long session, long key) {}

  private final Pkcs11Uri uri;
  private final long objectClass;
  private final Pin pin;
  private Optional<Opened> opened = Optional.empty();
  private boolean wasThere;

  /**
   * @param objectClass what is looked for, of {@link Attribute}
   */
  TokenKey(Pkcs11Uri uri, long objectClass, Pin pin) {
    this.uri = uri;
    this.objectClass = objectClass;
    this.pin = pin;
  }

  Pkcs11Uri uri() {
    return uri;
  }

  /**
   * @throws KeyException if the key cannot be used, saying why and what to do
   */
  synchronized <T> T use(Use<T> use) {
    Cryptoki module = Cryptoki.load(uri.module());
    for (int attempt = 0; ; attempt++) {
      try {
        return attempt(module, use);
      } catch (CryptokiException failed) {
        forget(module);
        boolean lost = wasThere && failed.trouble().wantsNewSession();
        if (!lost || attempt == 2 || (attempt == 1 && !module.restart())) {
          throw refused(failed.trouble(), failed.getMessage());
        }
        log.info("{}: {} ({})", uri, failed.trouble().found(), failed.getMessage());
      }
    }
  }

  private <T> T attempt(Cryptoki module, Use<T> use) throws CryptokiException {
    Opened ready = opened.isPresent() ? opened.get() : open(module);
    opened = Optional.of(ready);
    wasThere = true;
    return use.with(module, ready.session(), ready.key());
  }

  private void forget(Cryptoki module) {
    opened.ifPresent(old -> close(module, old.session()));
    opened = Optional.empty();
  }

  private static void close(Cryptoki module, long session) {
    try {
      module.closeSession(session);
    } catch (CryptokiException gone) {
      log.debug("A session was gone already: {}", gone.getMessage());
    }
  }

  private Opened open(Cryptoki module) throws CryptokiException {
    long slot = slot(module);
    long session = module.openSession(slot);
    boolean found = false;
    try {
      login(module, slot, session);
      long key = only(module, session);
      found = true;
      return new Opened(session, key);
    } finally {
      if (!found) {
        close(module, session);
      }
    }
  }

  private long slot(Cryptoki module) throws CryptokiException {
    Optional<Long> asked = uri.text("slot-id").map(Long::valueOf);
    List<Long> found = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (long slot : module.slots()) {
      Optional<TokenInfo> readable = readable(module, slot);
      if (readable.isEmpty()) {
        continue;
      }
      TokenInfo token = readable.get();
      if (token.matches(uri) && (asked.isEmpty() || asked.get() == slot)) {
        found.add(slot);
      } else {
        others.add(token.label());
      }
    }
    if (found.isEmpty()) {
      throw new CryptokiException(
          Trouble.NO_TOKEN,
          others.isEmpty() ? "there is none" : "there are: " + String.join(", ", others));
    }
    if (found.size() >= SLOTS_TRIED) {
      throw refused(Trouble.TWO_TOKENS, "slots " + found);
    }
    return found.getFirst();
  }

  /** Another token that is broken does not matter here. */
  private static Optional<TokenInfo> readable(Cryptoki module, long slot) {
    try {
      return Optional.of(module.tokenInfo(slot));
    } catch (CryptokiException broken) {
      log.debug("Slot {}: {}", slot, broken.getMessage());
      return Optional.empty();
    }
  }

  private void login(Cryptoki module, long slot, long session) throws CryptokiException {
    TokenInfo token = module.tokenInfo(slot);
    if (!token.wantsLogin()) {
      return;
    }
    if (token.isLocked()) {
      throw refused(Trouble.PIN_LOCKED, "");
    }
    byte[] secret = pin.read();
    try {
      String digest = Digests.sha256Hex(secret);
      if (digest.equals(module.refusedPins().get(token.serial()))) {
        throw refused(Trouble.PIN_WRONG, "");
      }
      if (token.isLastTry()) {
        throw refused(Trouble.PIN_LAST_TRY, "");
      }
      try {
        module.login(session, secret);
        module.refusedPins().remove(token.serial());
      } catch (CryptokiException failed) {
        if (failed.trouble() == Trouble.PIN_WRONG) {
          module.refusedPins().put(token.serial(), digest);
        }
        throw failed;
      }
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private long only(Cryptoki module, long session) throws CryptokiException {
    List<Attribute> template = new ArrayList<>();
    template.add(Attribute.number(Attribute.CLASS, objectClass));
    attribute("object").ifPresent(label -> template.add(new Attribute(Attribute.LABEL, label)));
    attribute("id").ifPresent(id -> template.add(new Attribute(Attribute.ID, id)));
    List<Long> found = module.find(session, template, MATCHES_MAX);
    if (found.isEmpty()) {
      throw new CryptokiException(Trouble.NO_OBJECT, "");
    }
    if (found.size() > 1) {
      throw refused(Trouble.TWO_OBJECTS, "");
    }
    return found.getFirst();
  }

  private Optional<byte[]> attribute(String name) {
    return Optional.ofNullable(uri.path().get(name));
  }

  /**
   * @param detail may be empty
   */
  KeyException refused(Trouble trouble, @Nullable String detail) {
    String more = detail == null || detail.isEmpty() ? "" : " (" + detail + ")";
    return new KeyException("%s: %s%s. %s".formatted(uri, trouble.found(), more, trouble.remedy()));
  }

  /** Gives its session back. */
  synchronized void close() {
    if (opened.isPresent()) {
      forget(Cryptoki.load(uri.module()));
    }
  }

  @Override
  public String toString() {
    return "TokenKey[" + uri + "]";
  }
}
