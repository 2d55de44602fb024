package dev.writ.broker.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The current row of a result, read by column name. A plain getter refuses SQL NULL with an {@link
 * SQLException} that names the column; columns that may be NULL are read by the {@code find…}
 * getters.
 */
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public String string(String column) throws SQLException {
    return present(column, result.getString(column));
  }

  public Optional<String> findString(String column) throws SQLException {
    return Optional.ofNullable(result.getString(column));
  }

  public UUID uuid(String column) throws SQLException {
    return present(column, result.getObject(column, UUID.class));
  }

  public Optional<UUID> findUuid(String column) throws SQLException {
    return Optional.ofNullable(result.getObject(column, UUID.class));
  }

  /** A {@code timestamptz} column. */
  public Instant instant(String column) throws SQLException {
    return present(column, result.getObject(column, OffsetDateTime.class)).toInstant();
  }

  public Optional<Instant> findInstant(String column) throws SQLException {
    return Optional.ofNullable(result.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  public int integer(String column) throws SQLException {
    int value = result.getInt(column);
    refuseNull(column);
    return value;
  }

  public long longInteger(String column) throws SQLException {
    long value = result.getLong(column);
    refuseNull(column);
    return value;
  }

  public Optional<Long> findLongInteger(String column) throws SQLException {
    long value = result.getLong(column);
    return result.wasNull() ? Optional.empty() : Optional.of(value);
  }

  public boolean bool(String column) throws SQLException {
    boolean value = result.getBoolean(column);
    refuseNull(column);
    return value;
  }

  public byte[] bytes(String column) throws SQLException {
    return present(column, result.getBytes(column));
  }

  public Optional<byte[]> findBytes(String column) throws SQLException {
    return Optional.ofNullable(result.getBytes(column));
  }

  /** A {@code text[]} column without NULL elements. */
  public List<String> strings(String column) throws SQLException {
    return List.of((String[]) present(column, result.getArray(column)).getArray());
  }

  /** A {@code uuid[]} column without NULL elements. */
  public List<UUID> uuids(String column) throws SQLException {
    return List.of((UUID[]) present(column, result.getArray(column)).getArray());
  }

  /** The result itself, for types that have no getter here. */
  public ResultSet resultSet() {
    return result;
  }

  private void refuseNull(String column) throws SQLException {
    if (result.wasNull()) {
      throw isNull(column);
    }
  }

  private static <T> T present(String column, @Nullable T value) throws SQLException {
    if (value == null) {
      throw isNull(column);
    }
    return value;
  }

  private static SQLException isNull(String column) {
    return new SQLException("Column " + column + " is NULL.");
  }
}
