package dev.writ.broker.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The envelope key in a file: its versions, one a line, the oldest first. The newest seals, all of
 * them open. The first line gives the key its id, and where that version is not needed any more a
 * line with the id alone takes its place, so that the id stays.
 */
final class EnvelopeFile implements Sealer {

  private static final String KEY = "writ-envelope-key-1:";
  private static final Pattern ID = Pattern.compile("writ-envelope-id-1:([0-9a-f]{64})");
  private static final int VERSIONS_MAX = 16;

  private final String id;

  /** The newest first: what is opened was mostly sealed lately. */
  private final List<EnvelopeKey> versions;

  private EnvelopeFile(String id, List<EnvelopeKey> versions) {
    this.id = id;
    this.versions = List.copyOf(versions);
  }

  /** The text of a fresh key file. */
  static String generate() {
    return KEY + EnvelopeKey.generate() + "\n";
  }

  /** The same file with a further version. */
  static String renewed(String text) {
    return text.strip() + "\n" + generate();
  }

  /** The same file, and the same id, without the older versions. */
  static String newestOnly(String text, String name) {
    String id = parse(text, name).id();
    return "writ-envelope-id-1:" + id + "\n" + text.strip().lines().toList().getLast() + "\n";
  }

  static EnvelopeFile parse(String text, String name) {
    List<String> lines = text.strip().lines().map(String::strip).toList();
    Matcher first = ID.matcher(lines.isEmpty() ? "" : lines.getFirst());
    boolean named = first.matches();
    List<EnvelopeKey> versions = new ArrayList<>();
    for (String line : lines.subList(named ? 1 : 0, lines.size())) {
      versions.addFirst(version(line).orElseThrow(() -> unreadable(name)));
    }
    if (versions.isEmpty() || versions.size() > VERSIONS_MAX) {
      throw unreadable(name);
    }
    return new EnvelopeFile(named ? first.group(1) : versions.getLast().id(), versions);
  }

  private static Optional<EnvelopeKey> version(String line) {
    return line.startsWith(KEY)
        ? EnvelopeKey.parse(line.substring(KEY.length()))
        : Optional.empty();
  }

  /** A key that ends with the process. */
  static EnvelopeFile ephemeral() {
    return parse(generate(), "memory");
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] seal(byte[] plaintext, byte[] context) {
    return versions.getFirst().seal(plaintext, context);
  }

  @Override
  public byte[] open(byte[] sealed, byte[] context) {
    return versions.stream()
        .flatMap(version -> version.open(sealed, context).stream())
        .findFirst()
        .orElseThrow(this::unopened);
  }

  @Override
  public Optional<byte[]> reseal(byte[] sealed, byte[] context) {
    return versions.getFirst().open(sealed, context).isPresent()
        ? Optional.empty()
        : Optional.of(seal(open(sealed, context), context));
  }

  @Override
  public String toString() {
    return "EnvelopeFile[" + id + ", versions " + versions.size() + "]";
  }

  private KeyException unopened() {
    return new KeyException(
        "A sealed value cannot be opened by the envelope key %s: it was sealed by another key or for another purpose, or was altered"
            .formatted(id));
  }

  private static KeyException unreadable(String name) {
    return new KeyException(
        "%s: no envelope key; the file holds 1 to %d lines %s<base64 of 32 random bytes>, the newest last"
            .formatted(name, VERSIONS_MAX, KEY));
  }
}
