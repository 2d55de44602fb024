package dev.writ.broker.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection for the length of one piece of work, with statements that read as SQL:
 *
 * <pre>{@code
 * session.list("select id, name from agent where owner = ? and state = any(?)", row -> row.string("name"), owner, states)
 * }</pre>
 *
 * <p>Parameters are {@code String}, {@code UUID}, {@code Instant} (timestamptz), numbers, {@code
 * Boolean}, {@code byte[]} (bytea), arrays of these (PostgreSQL arrays), and {@code Optional} of
 * any, where empty is NULL.
 */
public final class Session {
  private final Connection connection;

  Session(Connection connection) {
    this.connection = connection;
  }

  /** All rows of a query. The caller bounds their number in the SQL. */
  public <T> List<T> list(String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      Row row = new Row(result);
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(mapper.map(row));
      }
      return rows;
    }
  }

  /** The row of a query that has one or none; a second row is an error. */
  public <T> Optional<T> find(String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    List<T> rows = list(sql, mapper, parameters);
    if (rows.size() > 1) {
      throw new SQLException("Expected at most one row, got " + rows.size() + ": " + sql);
    }
    return rows.stream().findFirst();
  }

  /** The row of a query that always has exactly one. */
  public <T> T one(String sql, RowMapper<T> mapper, Object... parameters) throws SQLException {
    return find(sql, mapper, parameters)
        .orElseThrow(() -> new SQLException("Expected one row, got none: " + sql));
  }

  /** Runs an insert, update or delete and returns the number of rows it touched. */
  public int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /**
   * The connection itself, for what the helpers above do not do. Its transaction belongs to {@link
   * Database}.
   */
  public Connection connection() {
    return connection;
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < parameters.length; i++) {
        Parameters.bind(statement, i + 1, parameters[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }
}
