package dev.writ.pkcs11;

import dev.writ.broker.keys.KeyProvider;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.Signer;
import dev.writ.envelope.DataKeySealer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** {@code pkcs11:} keys, named by RFC 7512 URIs. */
public final class Pkcs11KeyProvider implements KeyProvider {
  private final Pin.Environment environment;
  private final List<TokenKey> opened = new ArrayList<>();

  /** For {@link java.util.ServiceLoader}. */
  public Pkcs11KeyProvider() {
    this(System::getenv);
  }

  Pkcs11KeyProvider(Pin.Environment environment) {
    this.environment = environment;
  }

  @Override
  public String scheme() {
    return "pkcs11";
  }

  @Override
  public Signer signer(KeyRef ref) {
    return Pkcs11Signer.open(key(ref, "private", Attribute.PRIVATE_KEY));
  }

  @Override
  public Sealer sealer(KeyRef ref) {
    return new DataKeySealer(
        Pkcs11Wrapping.open(key(ref, "secret-key", Attribute.SECRET_KEY)),
        DataKeySealer.Limits.DEFAULT,
        InstantSource.system());
  }

  private synchronized TokenKey key(KeyRef ref, String type, long objectClass) {
    Pkcs11Uri uri = Pkcs11Uri.parse(ref);
    uri.demandType(type);
    TokenKey key = new TokenKey(uri, objectClass, new Pin(uri, environment));
    opened.add(key);
    return key;
  }

  @Override
  public synchronized void close() {
    opened.forEach(TokenKey::close);
    opened.clear();
  }
}
