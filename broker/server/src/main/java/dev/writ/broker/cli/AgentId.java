package dev.writ.broker.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An agent as people name it: by its UUID or its SPIFFE ID. */
record AgentId(String uuid) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:spiffe://[a-z0-9._-]+/agent/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  static final class Converter implements ITypeConverter<AgentId> {
    @Override
    public AgentId convert(String text) {
      Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "expected an agent's UUID or SPIFFE ID, as `writ agent ls` shows it");
      }
      return new AgentId(matcher.group(1));
    }
  }

  /** Of the agent at the broker. */
  String path() {
    return "/v1/agents/" + uuid;
  }

  @Override
  public String toString() {
    return uuid;
  }
}
