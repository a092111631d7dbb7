package dev.headgate.verify.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullMarked;

/** Conditions that ArchUnit does not bring. */
final class Conditions {
  private Conditions() {}

  static ArchCondition<JavaClass> haveTheirModule() {
    return condition(
        "belong to a module of Part",
        (type, events) -> {
          if (Part.of(type).isEmpty()) {
            events.add(violated(type, type.getName() + " belongs to no module that Part knows"));
          }
        });
  }

  static ArchCondition<JavaClass> useOnlyModulesBelow() {
    return dependencies(
        "use only the modules named for theirs in Part",
        (part, dependency) -> {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          return !Part.ours(target) || Part.of(target).filter(part::mayUse).isPresent();
        });
  }

  static ArchCondition<JavaClass> useOnlyTheirLibraries() {
    return dependencies(
        "use only the libraries named for their module in Part",
        (part, dependency) -> {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          return target.isPrimitive() || Part.ours(target) || part.mayUseLibraryOf(target);
        });
  }

  static ArchCondition<JavaClass> resideInNullMarkedPackages() {
    return condition(
        "reside in a package that is @NullMarked",
        (type, events) -> {
          if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
            events.add(violated(type, type.getName() + " is in a package that is not @NullMarked"));
          }
        });
  }

  static ArchCondition<JavaClass> beExportedOrUsedByAnotherPackage() {
    ModuleDescriptors descriptors = new ModuleDescriptors();
    return condition(
        "be in an exported package, a provider, a program, or used by another package",
        (type, events) -> {
          if (!descriptors.of(type).needsPublic(type) && !usedByAnotherPackage(type)) {
            events.add(
                violated(
                    type, type.getName() + " is public, but only its own package can need it"));
          }
        });
  }

  private static boolean usedByAnotherPackage(JavaClass type) {
    return type.getDirectDependenciesToSelf().stream()
        .map(dependency -> dependency.getOriginClass().getPackageName())
        .anyMatch(user -> !user.equals(type.getPackageName()));
  }

  private interface Allowed {
    boolean test(Part part, Dependency dependency);
  }

  private static ArchCondition<JavaClass> dependencies(String description, Allowed allowed) {
    return condition(
        description,
        (type, events) ->
            Part.of(type)
                .ifPresent(
                    part ->
                        type.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> !allowed.test(part, dependency))
                            .forEach(
                                dependency ->
                                    events.add(violated(type, dependency.getDescription())))));
  }

  private static ArchCondition<JavaClass> condition(
      String description, BiConsumer<JavaClass, ConditionEvents> check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.accept(type, events);
      }
    };
  }
}
