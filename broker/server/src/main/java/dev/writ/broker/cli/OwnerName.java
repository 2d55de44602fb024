package dev.writ.broker.cli;

import dev.writ.policy.Principal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code user:NAME} and {@code group:NAME}. */
final class OwnerName implements ITypeConverter<Principal> {
  @Override
  public Principal convert(String text) {
    return Principal.of(text)
        .filter(owner -> owner.kind() != Principal.Kind.CLIENT)
        .orElseThrow(() ->
            new TypeConversionException(
                "expected user:NAME or group:NAME, such as group:platform"));
  }
}
