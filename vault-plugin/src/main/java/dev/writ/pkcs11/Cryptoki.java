package dev.writ.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.writ.broker.keys.KeyException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PKCS#11 module (OASIS PKCS#11 v2.40) in this process: the functions that signing and wrapping
 * need, with {@code CK_ULONG} of eight bytes, as on every 64-bit Unix. Each is initialized once,
 * for the life of the process, and told to lock by the system's means: safe for use by many
 * threads, a session by one at a time.
 */
@SuppressWarnings(
    "restricted") // The launcher allows native access; there is no other way to a module.
final class Cryptoki {

  private static final Logger log = LoggerFactory.getLogger(Cryptoki.class);
  private static final Map<Path, Cryptoki> LOADED = new ConcurrentHashMap<>();
  private static final Linker LINKER = Linker.nativeLinker();

  private static final long OK = 0;
  private static final long ALREADY_INITIALIZED = 0x191;
  private static final long ALREADY_LOGGED_IN = 0x100;
  private static final long OS_LOCKING = 2;
  private static final long SERIAL_SESSION = 4;
  private static final long USER = 1;
  private static final long UNAVAILABLE = -1;
  private static final byte WITH_TOKEN = 1;
  private static final int SLOTS_MAX = 1_024;
  private static final int ATTRIBUTE_MAX = 4_096;
  private static final int OUTPUT_MAX = 4_096;
  private static final long WORD = JAVA_LONG.byteSize();

  /** {@code CK_C_INITIALIZE_ARGS}: four functions, flags, a reserved pointer. */
  private static final long INITIALIZE_ARGS = 6 * WORD;

  /** {@code CK_TOKEN_INFO} and more. */
  private static final long TOKEN_INFO = 256;

  /** The place of each function in {@code CK_FUNCTION_LIST}, after the version. */
  private enum Function {
    C_Initialize(0, ADDRESS),
    C_Finalize(1, ADDRESS),
    C_GetSlotList(4, JAVA_BYTE, ADDRESS, ADDRESS),
    C_GetTokenInfo(6, JAVA_LONG, ADDRESS),
    C_OpenSession(12, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS),
    C_CloseSession(13, JAVA_LONG),
    C_CloseAllSessions(14, JAVA_LONG),
    C_Login(18, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
    C_GetAttributeValue(24, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
    C_FindObjectsInit(26, JAVA_LONG, ADDRESS, JAVA_LONG),
    C_FindObjects(27, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS),
    C_FindObjectsFinal(28, JAVA_LONG),
    C_EncryptInit(29, JAVA_LONG, ADDRESS, JAVA_LONG),
    C_Encrypt(30, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
    C_DecryptInit(33, JAVA_LONG, ADDRESS, JAVA_LONG),
    C_Decrypt(34, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
    C_SignInit(42, JAVA_LONG, ADDRESS, JAVA_LONG),
    C_Sign(43, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

    private final int place;
    private final FunctionDescriptor descriptor;

    Function(int place, MemoryLayout... parameters) {
      this.place = place;
      this.descriptor = FunctionDescriptor.of(JAVA_LONG, parameters);
    }

    MethodHandle in(MemorySegment list) {
      MemorySegment function = list.get(ADDRESS, WORD + place * ADDRESS.byteSize());
      return LINKER.downcallHandle(function, descriptor);
    }
  }

  static final Duration RESTART_PAUSE = Duration.ofSeconds(10);

  private final ReentrantReadWriteLock inside = new ReentrantReadWriteLock();
  private long restarted;
  private final Map<Function, MethodHandle> functions = new EnumMap<>(Function.class);

  /** PINs that a token refused, by a digest, for as long as they would be tried again. */
  private final Map<String, String> refusedPins = new ConcurrentHashMap<>();

  private Cryptoki(MemorySegment list) {
    for (Function function : Function.values()) {
      functions.put(function, function.in(list));
    }
  }

  /**
   * @throws KeyException if it cannot be loaded
   */
  static Cryptoki load(Path module) {
    return LOADED.computeIfAbsent(module, Cryptoki::open);
  }

  private static Cryptoki open(Path module) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment get =
          SymbolLookup.libraryLookup(module, Arena.global())
              .find("C_GetFunctionList")
              .orElseThrow(() -> new IllegalArgumentException("it has no C_GetFunctionList"));
      MemorySegment pointer = arena.allocate(ADDRESS);
      MethodHandle list = LINKER.downcallHandle(get, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      check("C_GetFunctionList", invoke(list, pointer));
      long size = WORD + 68 * ADDRESS.byteSize();
      Cryptoki cryptoki = new Cryptoki(pointer.get(ADDRESS, 0).reinterpret(size));
      cryptoki.initialize();
      return cryptoki;
    } catch (IllegalArgumentException | CryptokiException unusable) {
      throw new KeyException(
          "%s: %s (%s). %s"
              .formatted(
                  module,
                  Trouble.NO_MODULE.found(),
                  unusable.getMessage(),
                  Trouble.NO_MODULE.remedy()),
          unusable);
    }
  }

  private void initialize() throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arena.allocate(INITIALIZE_ARGS, WORD);
      arguments.set(JAVA_LONG, 4 * WORD, OS_LOCKING);
      callAllowing(ALREADY_INITIALIZED, Function.C_Initialize, arguments);
    }
  }

  /**
   * Ends the module and initializes it anew, while nobody is in it. Every session of the process is
   * gone then, and opened anew when it is missed.
   *
   * @return false, and nothing happens, if that was done a moment ago
   */
  boolean restart() {
    inside.writeLock().lock();
    try {
      long now = System.nanoTime();
      if (restarted != 0 && now - restarted < RESTART_PAUSE.toNanos()) {
        return false;
      }
      restarted = now;
      invoke(handle(Function.C_Finalize), MemorySegment.NULL);
      initialize();
      return true;
    } catch (CryptokiException failed) {
      log.warn("The PKCS#11 module cannot be initialized anew: {}", failed.getMessage());
      return false;
    } finally {
      inside.writeLock().unlock();
    }
  }

  /** PINs that were refused, by token; of this process. */
  Map<String, String> refusedPins() {
    return refusedPins;
  }

  /** Slots in which there is a token now. */
  List<Long> slots() throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_LONG);
      // Asked for their number first: that is when modules look what is connected.
      call(Function.C_GetSlotList, WITH_TOKEN, MemorySegment.NULL, count);
      MemorySegment slots = arena.allocate(JAVA_LONG, SLOTS_MAX);
      count.set(JAVA_LONG, 0, SLOTS_MAX);
      call(Function.C_GetSlotList, WITH_TOKEN, slots, count);
      return longs(slots, count.get(JAVA_LONG, 0));
    }
  }

  TokenInfo tokenInfo(long slot) throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(TOKEN_INFO, WORD);
      call(Function.C_GetTokenInfo, slot, info);
      return new TokenInfo(
          padded(info, 0, 32),
          padded(info, 32, 32),
          padded(info, 64, 16),
          padded(info, 80, 16),
          info.get(JAVA_LONG, 96));
    }
  }

  long openSession(long slot) throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment session = arena.allocate(JAVA_LONG);
      call(
          Function.C_OpenSession,
          slot,
          SERIAL_SESSION,
          MemorySegment.NULL,
          MemorySegment.NULL,
          session);
      return session.get(JAVA_LONG, 0);
    }
  }

  void closeSession(long session) throws CryptokiException {
    call(Function.C_CloseSession, session);
  }

  /** Every session of this process with the token, which also ends its login. */
  void closeAllSessions(long slot) throws CryptokiException {
    call(Function.C_CloseAllSessions, slot);
  }

  /** For all sessions of this process with the token; it does not matter if one did it already. */
  void login(long session, byte[] pin) throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(JAVA_BYTE, pin);
      try {
        callAllowing(ALREADY_LOGGED_IN, Function.C_Login, session, USER, text, (long) pin.length);
      } finally {
        text.fill((byte) 0);
      }
    }
  }

  /**
   * @param most more are not looked for
   */
  List<Long> find(long session, List<Attribute> template, int most) throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      call(
          Function.C_FindObjectsInit,
          session,
          Attribute.array(template, arena),
          (long) template.size());
      try {
        MemorySegment objects = arena.allocate(JAVA_LONG, most);
        MemorySegment count = arena.allocate(JAVA_LONG);
        call(Function.C_FindObjects, session, objects, (long) most, count);
        return longs(objects, count.get(JAVA_LONG, 0));
      } finally {
        call(Function.C_FindObjectsFinal, session);
      }
    }
  }

  /** Empty where the object does not have it, or does not show it. */
  Optional<byte[]> attribute(long session, long object, long type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ATTRIBUTE_MAX);
      MemorySegment attribute = Attribute.room(type, value, arena);
      call(Function.C_GetAttributeValue, session, object, attribute, 1L);
      long length = attribute.get(JAVA_LONG, 2 * WORD);
      return length == UNAVAILABLE || length == 0
          ? Optional.empty()
          : Optional.of(value.asSlice(0, length).toArray(JAVA_BYTE));
    } catch (CryptokiException unavailable) {
      return Optional.empty();
    }
  }

  byte[] sign(long session, Mechanism mechanism, long key, byte[] data) throws CryptokiException {
    return crypt(Function.C_SignInit, Function.C_Sign, session, mechanism, key, data);
  }

  byte[] encrypt(long session, Mechanism mechanism, long key, byte[] data)
      throws CryptokiException {
    return crypt(Function.C_EncryptInit, Function.C_Encrypt, session, mechanism, key, data);
  }

  byte[] decrypt(long session, Mechanism mechanism, long key, byte[] data)
      throws CryptokiException {
    return crypt(Function.C_DecryptInit, Function.C_Decrypt, session, mechanism, key, data);
  }

  private byte[] crypt(
      Function init, Function once, long session, Mechanism mechanism, long key, byte[] data)
      throws CryptokiException {
    try (Arena arena = Arena.ofConfined()) {
      call(init, session, mechanism.in(arena), key);
      MemorySegment input = arena.allocateFrom(JAVA_BYTE, data);
      MemorySegment output = arena.allocate(OUTPUT_MAX);
      MemorySegment length = arena.allocate(JAVA_LONG);
      length.set(JAVA_LONG, 0, OUTPUT_MAX);
      try {
        call(once, session, input, (long) data.length, output, length);
        mechanism.used();
        return output.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
      } finally {
        input.fill((byte) 0);
        output.fill((byte) 0);
      }
    }
  }

  private static List<Long> longs(MemorySegment array, long count) {
    List<Long> all = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      all.add(array.getAtIndex(JAVA_LONG, i));
    }
    return all;
  }

  /** Text of a fixed length, filled up with blanks. */
  private static String padded(MemorySegment info, long offset, long length) {
    byte[] bytes = info.asSlice(offset, length).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private void call(Function function, Object... arguments) throws CryptokiException {
    callAllowing(OK, function, arguments);
  }

  private void callAllowing(long also, Function function, Object... arguments)
      throws CryptokiException {
    inside.readLock().lock();
    long code;
    try {
      code = invoke(handle(function), arguments);
    } finally {
      inside.readLock().unlock();
    }
    if (code != also) {
      check(function.name(), code);
    }
  }

  private MethodHandle handle(Function function) {
    return Objects.requireNonNull(functions.get(function)); // there is one for each
  }

  private static void check(String function, long code) throws CryptokiException {
    if (code != OK) {
      throw new CryptokiException(function, code);
    }
  }

  private static long invoke(MethodHandle function, Object... arguments) {
    try {
      return (long) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error broken) {
      throw broken;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a C function threw", impossible);
    }
  }
}
