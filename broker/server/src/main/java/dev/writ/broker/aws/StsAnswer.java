package dev.writ.broker.aws;

import dev.writ.broker.remote.RemoteReply;
import dev.writ.broker.remote.Words;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** What STS answered, read strictly. */
sealed interface StsAnswer {

  /** Credentials. */
  record Given(Session session) implements StsAnswer {}

  /**
   * It said no, and so gave nothing.
   *
   * @param code such as {@code AccessDenied}; empty where there was none
   * @param said its own words with the code and status, fit to be passed on
   */
  record Refusal(int status, HttpHeaders headers, String code, String said) implements StsAnswer {}

  /** What it did is not to be seen from this. */
  record Unclear(String said) implements StsAnswer {}

  static StsAnswer of(RemoteReply.Answered answer) {
    Optional<XmlText> xml = XmlText.read(answer.body());
    if (answer.status() == 200) {
      return xml.flatMap(Reading::session)
          .<StsAnswer>map(Given::new)
          .orElseGet(() -> new Unclear("200, without credentials that can be read"));
    }
    String code = xml.flatMap(text -> Reading.error(text, "Code")).orElse("");
    String message = xml.flatMap(text -> Reading.error(text, "Message")).orElse("");
    String said =
        Words.shown(
            answer.status()
                + (code.isEmpty() ? "" : " " + code)
                + (message.isEmpty() ? "" : ": " + message));
    boolean unsure =
        answer.status() >= 500 && !Throttling.is(answer.status(), code)
            || answer.status() / 100 == 2;
    return unsure ? new Unclear(said) : new Refusal(answer.status(), answer.headers(), code, said);
  }

  /** Where things stand in the documents that AWS and S3 stores send. */
  final class Reading {
    private static final String RESULT =
        "AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/";
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_]{4,128}");
    private static final Pattern SECRET = Pattern.compile("[!-~]{1,256}");
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,32768}");

    private Reading() {}

    private static Optional<Session> session(XmlText xml) {
      Optional<String> id = matching(xml, "Credentials/AccessKeyId", KEY_ID);
      Optional<String> secret = matching(xml, "Credentials/SecretAccessKey", SECRET);
      Optional<String> token = matching(xml, "Credentials/SessionToken", TOKEN);
      Optional<Instant> end = xml.at(RESULT + "Credentials/Expiration").flatMap(Reading::instant);
      Optional<String> user = xml.at(RESULT + "AssumedRoleUser/Arn");
      return id.isPresent()
              && secret.isPresent()
              && token.isPresent()
              && end.isPresent()
              && user.isPresent()
          ? Optional.of(new Session(id.get(), secret.get(), token.get(), end.get(), user.get()))
          : Optional.empty();
    }

    private static Optional<String> matching(XmlText xml, String path, Pattern form) {
      return xml.at(RESULT + path).filter(text -> form.matcher(text).matches());
    }

    private static Optional<Instant> instant(String text) {
      try {
        return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS));
      } catch (DateTimeException unreadable) {
        return Optional.empty();
      }
    }

    /** AWS wraps its errors, S3 stores do not. */
    private static Optional<String> error(XmlText xml, String member) {
      return xml.at("ErrorResponse/Error/" + member).or(() -> xml.at("Error/" + member));
    }
  }
}
