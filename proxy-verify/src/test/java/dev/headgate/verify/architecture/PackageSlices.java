package dev.headgate.verify.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Each package of ours by itself, those below it not included. */
final class PackageSlices implements SliceAssignment {
  @Override
  public SliceIdentifier getIdentifierOf(JavaClass type) {
    return Part.ours(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
  }

  @Override
  public String getDescription() {
    return "packages";
  }
}
