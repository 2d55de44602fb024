package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema for editors and the reader must say the same, but for what no schema can say. */
class PolicySchemaTest {
  private static final Schema SCHEMA = schema();

  private static Schema schema() {
    try (InputStream json = Policy.class.getResourceAsStream("policy.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Objects.requireNonNull(json), InputFormat.JSON);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Variant> variants() {
    return Variant.all();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void agrees_with_the_reader(Variant variant) {
    boolean expected = variant.problems().isEmpty() || !variant.schemaAgrees();
    assertEquals(
        expected, SCHEMA.validate(variant.yaml(), InputFormat.YAML).isEmpty(), variant.yaml());
  }
}
