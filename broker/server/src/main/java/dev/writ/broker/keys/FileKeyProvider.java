package dev.writ.broker.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code file:} keys: a private key as PEM, an envelope key as lines of text, one a version. For
 * development and single hosts; production keeps them in Vault or an HSM.
 */
public final class FileKeyProvider implements KeyProvider {

  /** For {@link java.util.ServiceLoader}. */
  public FileKeyProvider() {}

  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public Signer signer(KeyRef ref) {
    return PemPrivateKey.parse(read(ref, PemPrivateKey::generate), ref.toString());
  }

  @Override
  public Sealer sealer(KeyRef ref) {
    return EnvelopeFile.parse(read(ref, EnvelopeFile::generate), ref.toString());
  }

  /**
   * The pair itself, for TLS, which signs by its own means.
   *
   * @throws KeyException as {@link #signer}
   */
  public KeyPair keyPair(KeyRef ref) {
    if (!ref.scheme().equals(scheme())) {
      throw new KeyException(ref + ": the key of a TLS certificate must be a file:");
    }
    return PemPrivateKey.parse(read(ref, PemPrivateKey::generate), ref.toString()).pair();
  }

  /**
   * What keeps a {@code file:} key from being read; makes none. Empty if nothing does, and for one
   * that will be made when it is first needed.
   */
  public static Optional<String> trouble(KeyRef ref) {
    try {
      Path file = path(ref);
      if (!ref.createWhenAbsent() || Files.exists(file)) {
        new SecretFile(file).read();
      }
      return Optional.empty();
    } catch (KeyException unreadable) {
      return Optional.of(String.valueOf(unreadable.getMessage()));
    }
  }

  private static String read(KeyRef ref, Supplier<String> fresh) {
    SecretFile file = new SecretFile(path(ref));
    if (ref.createWhenAbsent()) {
      file.createIfAbsent(fresh);
    }
    return file.read();
  }

  private static Path path(KeyRef ref) {
    String location = ref.location();
    if (location.startsWith("//")) {
      if (!location.startsWith("///")) {
        throw new KeyException(ref + ": a file has no host; write file:/absolute or file:relative");
      }
      location = location.substring(2);
    }
    return ref.base().resolve(location).normalize();
  }
}
