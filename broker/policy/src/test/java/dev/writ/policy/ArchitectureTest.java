package dev.writ.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.writ.policy", "dev.writ.document");

  @Test
  void the_language_does_no_input_or_output_and_writes_no_log() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.io\\.(File|RandomAccess|Console|PrintStream).*|java\\.lang\\.(System|Process|ProcessBuilder|Runtime|Thread)")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.nio.file..",
            "java.net..",
            "java.nio.channels..",
            "javax.net..",
            "java.sql..",
            "java.util.logging..",
            "org.slf4j..",
            "java.util.concurrent..")
        .check(CLASSES);
  }

  @Test
  void the_language_reads_no_clock_and_no_dice() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.time\\.(Clock|Instant)|java\\.util\\.Random|java\\.security\\..*")
        .check(CLASSES);
  }

  @Test
  void documents_know_nothing_of_policies() {
    noClasses()
        .that()
        .resideInAPackage("dev.writ.document")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.writ.policy")
        .check(CLASSES);
  }
}
