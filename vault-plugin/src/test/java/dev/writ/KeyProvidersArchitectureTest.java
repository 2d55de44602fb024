package dev.writ;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProvider;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.NodeTokens;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.SecretFile;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.VaultSettings;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Providers know the broker by what it says of keys, and it knows nothing of them. */
class KeyProvidersArchitectureTest {
  private static final Set<Class<?>> KNOWN =
      Set.of(
          Digests.class,
          KeyException.class,
          KeyProvider.class,
          KeyRef.class,
          KeySettings.class,
          NodeTokens.class,
          Sealer.class,
          SecretFile.class,
          SignatureAlgorithm.class,
          Signer.class,
          VaultSettings.class);

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.writ");

  @Test
  void providers_know_nothing_of_the_broker_but_what_keys_are() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.writ.vault..", "dev.writ.pkcs11..", "dev.writ.envelope..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are the broker's own", KeyProvidersArchitectureTest::isTheBrokersOwn))
        .check(ALL);
  }

  private static boolean isTheBrokersOwn(JavaClass used) {
    return used.getPackageName().startsWith("dev.writ.broker")
        && KNOWN.stream()
            .noneMatch(known -> used.getName().split("\\$")[0].equals(known.getName()));
  }

  @Test
  void the_broker_knows_nothing_of_its_providers() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.writ.broker..", "dev.writ.policy..", "dev.writ.document..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.writ.vault..", "dev.writ.pkcs11..", "dev.writ.envelope..")
        .check(ALL);
  }

  @Test
  void providers_share_the_envelope_and_nothing_else() {
    slices().matching("dev.writ.(vault|pkcs11)..").should().notDependOnEachOther().check(ALL);
    noClasses()
        .that()
        .resideInAPackage("dev.writ.envelope..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.writ.vault..", "dev.writ.pkcs11..")
        .check(ALL);
  }
}
