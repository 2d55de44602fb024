package dev.writ.broker.cli;

import dev.writ.broker.keys.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns what points at a credential into the look-up that finds it. */
final class Fingerprint {
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{43}=?");

  /** Of temporary credentials, at AWS and at Ceph. Secret access keys have 40 characters. */
  private static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Za-z0-9]{20}");

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** Far more than any credential is long. */
  private static final int CREDENTIAL_BYTES_MAX = 64 * 1024;

  private Fingerprint() {}

  /**
   * The query for a SHA-256 in any of its spellings, for a jti or for an AWS access key id.
   *
   * @throws Failure for anything else, which is not repeated: it may be the credential
   */
  static Map<String, String> query(String x) {
    if (UUID.matcher(x).matches()) {
      return Map.of("jti", x.toLowerCase(Locale.ROOT));
    }
    if (ACCESS_KEY_ID.matcher(x).matches()) {
      return Map.of("aws_access_key_id", x);
    }
    return ofHash(x)
        .map(hex -> Map.of("token_sha256", hex))
        .orElseThrow(() ->
            new Failure(
                Exit.USAGE,
                "That is no SHA-256 (64 hexadecimal digits, or base64), no jti (a UUID) and no AWS access key"
                    + " id (20 letters and digits)."
                    + "\nIf it is the credential itself, it is in your shell's history now; use"
                    + " --token-file FILE, or --token-file - for standard input."));
  }

  /** A SHA-256 in any of its spellings, in 64 lower-case hexadecimal digits. */
  static Optional<String> ofHash(String text) {
    if (HEX.matcher(text).matches()) {
      return Optional.of(text.toLowerCase(Locale.ROOT));
    }
    if (!BASE64.matcher(text).matches()) {
      return Optional.empty();
    }
    String bare = text.replace("=", "").replace('+', '-').replace('/', '_');
    byte[] hash = Base64.getUrlDecoder().decode(bare);
    boolean canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(hash).equals(bare);
    return canonical ? Optional.of(HexFormat.of().formatHex(hash)) : Optional.empty();
  }

  /**
   * The SHA-256, in hexadecimal, of the credential in a file, without the line end that editors and
   * {@code echo} leave.
   *
   * @param file {@code -} is standard input
   */
  static String ofCredential(String file, Surroundings surroundings) {
    try (InputStream in =
        file.equals("-")
            ? surroundings.in()
            : Files.newInputStream(surroundings.directory().resolve(Path.of(file)))) {
      byte[] bytes = in.readNBytes(CREDENTIAL_BYTES_MAX + 1);
      String credential = new String(bytes, StandardCharsets.ISO_8859_1).stripTrailing();
      if (credential.isEmpty() || bytes.length > CREDENTIAL_BYTES_MAX) {
        throw new Failure(
            Exit.USAGE,
            "--token-file: expected a credential, and nothing else, of at most 64 KiB.");
      }
      return Digests.sha256Hex(credential.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new Failure(Exit.USAGE, "--token-file: " + Text.safe(file) + " cannot be read.");
    }
  }
}
