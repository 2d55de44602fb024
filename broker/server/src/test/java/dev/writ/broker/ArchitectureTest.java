package dev.writ.broker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.writ.broker.exchange.Agent;
import dev.writ.broker.exchange.Grant;
import dev.writ.broker.exchange.Intent;
import org.junit.jupiter.api.Test;

/** Dependencies run one way, and proofs are made where they are proven. */
class ArchitectureTest {
  private static final JavaClasses BROKER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.writ");

  @Test
  void packages_of_the_broker_do_not_depend_on_each_other_in_circles() {
    slices().matching("dev.writ.broker.(*)..").should().beFreeOfCycles().check(BROKER);
  }

  @Test
  void the_policy_language_knows_nothing_of_the_broker() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.writ.policy..", "dev.writ.document..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.writ.broker..")
        .check(BROKER);
  }

  @Test
  void only_http_knows_vert_x() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.writ.broker.http..", "dev.writ.broker")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx..")
        .check(BROKER);
  }

  @Test
  void only_trace_knows_opentelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.writ.broker.trace..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(BROKER);
  }

  @Test
  void nothing_of_the_broker_depends_on_the_fixtures() {
    noClasses()
        .that()
        .resideInAPackage("dev.writ.broker..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.writ.fixtures..")
        .check(BROKER);
  }

  @Test
  void proofs_cannot_be_made_outside_their_package() {
    for (Class<?> proof : new Class<?>[] {Agent.class, Grant.class, Intent.class}) {
      classes()
          .that()
          .areAssignableTo(proof)
          .should()
          .haveOnlyFinalFields()
          .andShould()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
          .check(BROKER);
      org.junit.jupiter.api.Assertions.assertEquals(0, proof.getConstructors().length);
    }
  }
}
