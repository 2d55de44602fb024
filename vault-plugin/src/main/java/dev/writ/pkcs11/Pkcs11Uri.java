package dev.writ.pkcs11;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A PKCS#11 URI (RFC 7512) that names one key of one token: {@code
 * pkcs11:token=writ;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin}.
 *
 * @param path the attributes before the {@code ?}, decoded
 * @param query those after it, decoded
 */
record Pkcs11Uri(KeyRef ref, Map<String, byte[]> path, Map<String, byte[]> query) {

  private static final Set<String> PATH =
      Set.of("token", "manufacturer", "model", "serial", "slot-id", "object", "id", "type");
  private static final Set<String> QUERY = Set.of("module-path", "pin-source");
  private static final Pattern VALUE = Pattern.compile("([^%;&?]|%[0-9A-Fa-f]{2})+");
  private static final Pattern SLOT = Pattern.compile("[0-9]{1,18}");

  /**
   * @throws KeyException if it is no such URI, or has what cannot be used here
   */
  static Pkcs11Uri parse(KeyRef ref) {
    String location = ref.location();
    int mark = location.indexOf('?');
    String path = mark < 0 ? location : location.substring(0, mark);
    String query = mark < 0 ? "" : location.substring(mark + 1);
    if (query.matches("(.*&)?pin-value(=.*)?")) {
      // Not repeated: it holds the PIN.
      throw new KeyException(
          "pkcs11: a PIN does not belong into a configuration file, where pin-value would put it: name a file of its owner's alone by ?pin-source=file:…, or set WRIT_PKCS11_PIN");
    }
    Pkcs11Uri uri =
        new Pkcs11Uri(ref, attributes(ref, path, ";", PATH), attributes(ref, query, "&", QUERY));
    if (!uri.path.containsKey("object") && !uri.path.containsKey("id")) {
      throw new KeyException(ref + ": names no key: add object=<label> or id=<%xx of its id>");
    }
    if (!uri.query.containsKey("module-path")) {
      throw new KeyException(
          ref
              + ": names no module: add ?module-path=<file>, such as /usr/lib/softhsm/libsofthsm2.so");
    }
    uri.text("slot-id")
        .filter(slot -> !SLOT.matcher(slot).matches())
        .ifPresent(slot -> {
          throw new KeyException(ref + ": slot-id is a number");
        });
    return uri;
  }

  private static Map<String, byte[]> attributes(
      KeyRef ref, String text, String separator, Set<String> known) {
    Map<String, byte[]> attributes = new LinkedHashMap<>();
    for (String attribute : text.isEmpty() ? new String[0] : text.split(separator, -1)) {
      int equals = attribute.indexOf('=');
      String name = equals < 0 ? attribute : attribute.substring(0, equals);
      String value = equals < 0 ? "" : attribute.substring(equals + 1);
      if (!known.contains(name)) {
        throw new KeyException(
            "%s: the attribute \"%s\" is not known here; allowed are %s, and after the ? %s"
                .formatted(ref, name, sorted(PATH), sorted(QUERY)));
      }
      if (!VALUE.matcher(value).matches() || attributes.put(name, decode(value)) != null) {
        throw new KeyException(
            "%s: %s is empty, twice there or not percent-encoded (RFC 7512)".formatted(ref, name));
      }
    }
    return attributes;
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  private static byte[] decode(String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < value.length(); ) {
      if (value.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(value, i + 1, i + 3));
        i += 3;
      } else {
        int next = value.offsetByCodePoints(i, 1);
        bytes.writeBytes(value.substring(i, next).getBytes(StandardCharsets.UTF_8));
        i = next;
      }
    }
    return bytes.toByteArray();
  }

  /** A path attribute as text. */
  Optional<String> text(String name) {
    return Optional.ofNullable(path.get(name))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  Path module() {
    return file(new String(query.get("module-path"), StandardCharsets.UTF_8));
  }

  /** The file that holds the PIN, if one is named. */
  Optional<Path> pinFile() {
    return Optional.ofNullable(query.get("pin-source"))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .map(source -> {
          if (source.startsWith("|")) {
            throw new KeyException(
                ref + ": pin-source names a command, which is not run here; name a file");
          }
          return file(source.startsWith("file:") ? source.substring("file:".length()) : source);
        });
  }

  /**
   * @throws KeyException if the URI asks for objects of another type
   */
  void demandType(String type) {
    text("type")
        .filter(asked -> !asked.equals(type))
        .ifPresent(asked -> {
          throw new KeyException(
              "%s: type=%s cannot be used here; leave it out or say type=%s"
                  .formatted(ref, asked, type));
        });
  }

  private Path file(String name) {
    String plain = name.startsWith("///") ? name.substring(2) : name;
    return ref.base().resolve(plain).normalize();
  }

  @Override
  public String toString() {
    return ref.toString();
  }
}
