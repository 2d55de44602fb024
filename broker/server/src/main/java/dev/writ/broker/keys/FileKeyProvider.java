package dev.writ.broker.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
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

  /** The file itself, and beside {@code root.pem} those named {@code root-2.pem} and so on. */
  @Override
  public List<Signer> versions(KeyRef ref) {
    List<Signer> versions = new ArrayList<>();
    versions.add(signer(ref));
    Path first = path(ref);
    for (int number = 2; Files.exists(numbered(first, number)); number++) {
      Path file = numbered(first, number);
      versions.add(PemPrivateKey.parse(new SecretFile(file).read(), file.toString()));
    }
    return versions;
  }

  /** A P-256 key, in the next numbered file. */
  @Override
  public Signer successor(KeyRef ref) {
    Path file = numbered(path(ref), versions(ref).size() + 1);
    SecretFile secret = new SecretFile(file);
    secret.createIfAbsent(PemPrivateKey::generate);
    return PemPrivateKey.parse(secret.read(), file.toString());
  }

  private static Path numbered(Path first, int number) {
    String name = first.getFileName().toString();
    int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
    return first.resolveSibling(name.substring(0, dot) + "-" + number + name.substring(dot));
  }

  @Override
  public Sealer sealer(KeyRef ref) {
    EnvelopeFile read = EnvelopeFile.parse(read(ref, EnvelopeFile::generate), ref.toString());
    return new WatchedEnvelope(path(ref), ref.toString(), read);
  }

  @Override
  public void renew(KeyRef ref) {
    SecretFile file = new SecretFile(path(ref));
    file.replace(EnvelopeFile.renewed(file.read()));
  }

  @Override
  public void forgetOlder(KeyRef ref) {
    SecretFile file = new SecretFile(path(ref));
    file.replace(EnvelopeFile.newestOnly(file.read(), ref.toString()));
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
