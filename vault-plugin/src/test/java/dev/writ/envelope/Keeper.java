package dev.writ.envelope;

import dev.writ.broker.keys.KeyException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Keeps an envelope key, counts who asks, and can be away. */
final class Keeper implements Wrapping {
  private final Map<String, byte[]> keys = new HashMap<>();
  private final List<byte[]> given = new ArrayList<>();
  private int version = 1;
  private int asked;
  private boolean away;

  @Override
  public String id() {
    return "the keeper's id";
  }

  @Override
  public DataKey fresh() {
    answer();
    byte[] key = new byte[32];
    byte[] wrapped = new byte[40];
    new SecureRandom().nextBytes(key);
    new SecureRandom().nextBytes(wrapped);
    keys.put(HexFormat.of().formatHex(wrapped), key.clone());
    return new DataKey(give(key), wrapped, version);
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    answer();
    byte[] key = keys.get(HexFormat.of().formatHex(wrapped));
    if (key == null) {
      throw new KeyException("not wrapped here");
    }
    return give(key.clone());
  }

  @Override
  public int newest() {
    return version;
  }

  private byte[] give(byte[] key) {
    given.add(key);
    return key;
  }

  private void answer() {
    asked++;
    if (away) {
      throw new KeyException("away");
    }
  }

  List<byte[]> given() {
    return given;
  }

  void rotate() {
    version++;
  }

  void away(boolean gone) {
    away = gone;
  }

  int asked() {
    return asked;
  }

  void reset() {
    asked = 0;
  }
}
