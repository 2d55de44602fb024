package dev.writ.envelope;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Sealer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals by AES-256-GCM under data keys that the envelope key wraps. One data key seals for an hour
 * or a million values; while the envelope key is away it goes on for {@link Limits#held} after the
 * last word from there, and what it or another one sealed is opened for as long.
 */
public final class DataKeySealer implements Sealer {
  private static final Logger log = LoggerFactory.getLogger(DataKeySealer.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * @param used how long a data key seals, or is used unasked, after the last word from its keeper
   * @param held how long it is used at most where its keeper does not answer
   * @param seals of one data key; with random nonces 2^32 would be allowed (NIST SP 800-38D)
   * @param opened how many data keys are held at most
   * @param pause between attempts while the keeper does not answer, and between questions after the
   *     newest version
   */
  public record Limits(Duration used, Duration held, long seals, int opened, Duration pause) {
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofHours(1), Duration.ofHours(24), 1_000_000, 1_000, Duration.ofSeconds(10));
  }

  private final Wrapping envelope;
  private final String id;
  private final Limits limits;
  private final InstantSource clock;
  private final HeldKeys opened;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile HeldKey sealing;
  private volatile Instant nextTry = Instant.MIN;
  private int newest;
  private Instant newestUntil = Instant.MIN;

  /**
   * Asks for the first data key, so that a key that cannot be used is known at once.
   *
   * @throws KeyException as {@link Wrapping}
   */
  public DataKeySealer(Wrapping envelope, Limits limits, InstantSource clock) {
    this.envelope = envelope;
    this.id = envelope.id();
    this.limits = limits;
    this.clock = clock;
    this.opened = new HeldKeys(limits.opened(), limits.held());
    this.sealing = fresh();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] seal(byte[] plaintext, byte[] context) {
    HeldKey key = sealingKey();
    byte[] nonce = new byte[Blob.NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, nonce, key.version(), context).doFinal(plaintext);
      return new Blob(key.version(), key.wrapped(), nonce, sealed).bytes();
    } catch (GeneralSecurityException e) {
      throw new KeyException("A data key of the envelope key " + id + " cannot be used", e);
    }
  }

  @Override
  public byte[] open(byte[] sealed, byte[] context) {
    Blob blob = Blob.parse(sealed, id);
    HeldKey key = openingKey(blob);
    try {
      return cipher(Cipher.DECRYPT_MODE, key, blob.nonce(), blob.version(), context)
          .doFinal(blob.ciphertext());
    } catch (GeneralSecurityException e) {
      throw Blob.foreign(id);
    }
  }

  @Override
  public void lookForNewest() {
    asking.lock();
    try {
      newestUntil = Instant.MIN;
      newest();
    } finally {
      asking.unlock();
    }
  }

  @Override
  public Optional<byte[]> reseal(byte[] sealed, byte[] context) {
    int version = Blob.parse(sealed, id).version();
    byte[] plaintext = open(sealed, context);
    try {
      return version >= newest() ? Optional.empty() : Optional.of(seal(plaintext, context));
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /** The newest version, which from then on is the one that seals. */
  private int newest() {
    asking.lock();
    try {
      Instant now = clock.instant();
      if (!now.isBefore(newestUntil)) {
        newest = envelope.newest();
        newestUntil = now.plus(limits.pause());
      }
      if (sealing.version() < newest) {
        sealing = fresh();
      }
      return newest;
    } finally {
      asking.unlock();
    }
  }

  private HeldKey sealingKey() {
    HeldKey key = sealing;
    Instant now = clock.instant();
    boolean due = isDue(key, now) || key.isSpent(limits.seals());
    HeldKey used = due ? asked(key, now, () -> another(key)) : key;
    used.count();
    return used;
  }

  /** Under the lock: whoever comes second finds what the first has got. */
  private HeldKey another(HeldKey key) {
    if (sealing == key) {
      sealing = fresh();
    }
    return sealing;
  }

  private HeldKey openingKey(Blob blob) {
    Instant now = clock.instant();
    return opened
        .get(blob.wrapped())
        .map(key -> isDue(key, now) ? asked(key, now, () -> unwrap(blob)) : key)
        .orElseGet(() -> unwrap(blob));
  }

  private boolean isDue(HeldKey key, Instant now) {
    return !now.isBefore(key.confirmed().plus(limits.used()));
  }

  /** What the keeper answers now, or this key for as long as it may do without an answer. */
  private HeldKey asked(HeldKey key, Instant now, Supplier<HeldKey> question) {
    if (!mayAsk(now, isUsable(key, now))) {
      return key;
    }
    try {
      return question.get();
    } catch (KeyException away) {
      missed(now, away);
      if (!isUsable(key, now)) {
        throw away;
      }
      return key;
    } finally {
      asking.unlock();
    }
  }

  /**
   * Whether this thread is to ask, and holds the lock then. Who has another way out neither waits
   * for others who ask, nor asks again where nobody answered a moment ago.
   */
  private boolean mayAsk(Instant now, boolean hasAnotherWay) {
    if (!hasAnotherWay) {
      asking.lock();
      return true;
    }
    return !now.isBefore(nextTry) && asking.tryLock();
  }

  private boolean isUsable(HeldKey key, Instant now) {
    return now.isBefore(key.confirmed().plus(limits.held()));
  }

  private void missed(Instant now, KeyException away) {
    nextTry = now.plus(limits.pause());
    log.warn(
        "The envelope key {} does not answer; what was opened or begun goes on for {} h after its last answer: {}",
        id,
        limits.held().toHours(),
        away.getMessage());
  }

  private HeldKey fresh() {
    DataKey made = envelope.fresh();
    return hold(made.plaintext(), made.wrapped(), made.version());
  }

  private HeldKey unwrap(Blob blob) {
    return hold(envelope.unwrap(blob.wrapped()), blob.wrapped(), blob.version());
  }

  private HeldKey hold(byte[] plaintext, byte[] wrapped, int version) {
    try {
      Instant now = clock.instant();
      HeldKey key = new HeldKey(new SecretKeySpec(plaintext, "AES"), wrapped, version, now);
      opened.put(key, now);
      return key;
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  private static Cipher cipher(int mode, HeldKey key, byte[] nonce, int version, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.key(), new GCMParameterSpec(Blob.TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(Blob.authenticated(version, key.wrapped(), context));
    return cipher;
  }

  @Override
  public String toString() {
    return "DataKeySealer[" + id + "]";
  }
}
