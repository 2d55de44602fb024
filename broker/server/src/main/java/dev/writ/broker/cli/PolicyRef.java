package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A policy as people name it: {@code operator}, its version of now, or {@code operator@7}. */
record PolicyRef(String name, Optional<String> version) {
  private static final Pattern FORM = Pattern.compile("([a-z0-9-]{1,63})(?:@([1-9][0-9]{0,8}))?");

  static final class Converter implements ITypeConverter<PolicyRef> {
    @Override
    public PolicyRef convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "expected a policy's name of a-z, 0-9 and -, with @VERSION or without");
      }
      return new PolicyRef(matcher.group(1), Optional.ofNullable(matcher.group(2)));
    }
  }

  /** What the broker has under this name. */
  ObjectNode ask(BrokerClient broker) {
    return broker.get(
        "/v1/policies/" + name, version.map(number -> Map.of("version", number)).orElse(Map.of()));
  }
}
