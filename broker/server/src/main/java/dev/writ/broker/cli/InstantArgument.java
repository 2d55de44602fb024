package dev.writ.broker.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time with its offset. */
final class InstantArgument implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "expected a time with its offset, such as 2026-11-23T10:00:00Z or"
              + " 2026-11-23T11:00:00+01:00");
    }
  }
}
