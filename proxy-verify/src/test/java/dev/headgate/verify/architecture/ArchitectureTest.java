package dev.headgate.verify.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules, held against the main classes of every module. */
@AnalyzeClasses(packages = "dev.headgate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchTests RULES = ArchTests.in(Rules.class);

  @ArchTest
  static void everyModuleIsLookedAt(JavaClasses classes) {
    Set<Part> seen =
        classes.stream().map(Part::of).flatMap(Optional::stream).collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(Part.class), seen);
  }
}
