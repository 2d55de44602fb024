package dev.writ.broker.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Binds the Java types that {@link Session} promises to those of PostgreSQL; any other type is a
 * defect and throws.
 */
final class Parameters {
  private Parameters() {}

  static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
    switch (value) {
      case Optional<?> optional when optional.isPresent() -> bind(statement, index, optional.get());
      case Optional<?> _ -> statement.setNull(index, Types.NULL);
      case String text -> statement.setString(index, text);
      case Integer number -> statement.setInt(index, number);
      case Long number -> statement.setLong(index, number);
      case Boolean bool -> statement.setBoolean(index, bool);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case UUID uuid -> statement.setObject(index, uuid);
      case Instant instant -> statement.setObject(index, timestamp(instant));
      case String[] array -> bindArray(statement, index, "text", array);
      case UUID[] array -> bindArray(statement, index, "uuid", array);
      case Instant[] array ->
          bindArray(
              statement,
              index,
              "timestamptz",
              Arrays.stream(array).map(Parameters::timestamp).toArray());
      case byte[][] array -> bindArray(statement, index, "bytea", array);
      case Integer[] array -> bindArray(statement, index, "int4", array);
      case Long[] array -> bindArray(statement, index, "int8", array);
      case Boolean[] array -> bindArray(statement, index, "bool", array);
      default ->
          throw new IllegalArgumentException(
              "No PostgreSQL type is known for a parameter of " + value.getClass().getName());
    }
  }

  private static void bindArray(
      PreparedStatement statement, int index, String type, Object[] elements) throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(index, connection.createArrayOf(type, elements));
  }

  /**
   * PostgreSQL keeps microseconds; the driver rounds, and a rounded-up time could lie in the
   * future, so cut here.
   */
  private static OffsetDateTime timestamp(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
