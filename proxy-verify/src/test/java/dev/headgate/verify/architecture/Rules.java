package dev.headgate.verify.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What the compiler does not check. {@link ArchitectureTest} holds these rules against the modules,
 * {@link RulesTest} against code that breaks each of them.
 */
final class Rules {
  private static final DescribedPredicate<JavaClass> PUBLISHED =
      describe(
          "are published for embedding",
          type -> Part.of(type).filter(part -> !part.isProgram()).isPresent());

  private static final DescribedPredicate<JavaMethodCall> PAUSES =
      describe(
          "pauses the thread",
          call -> {
            String name = call.getName();
            JavaClass owner = call.getTargetOwner();
            return (name.equals("sleep")
                    && (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class)))
                || (name.equals("onSpinWait") && owner.isEquivalentTo(Thread.class));
          });

  private static final DescribedPredicate<JavaMethodCall> ENDS_THE_PROCESS =
      describe(
          "ends the process",
          call ->
              Set.of("exit", "halt").contains(call.getName())
                  && (call.getTargetOwner().isEquivalentTo(System.class)
                      || call.getTargetOwner().isEquivalentTo(Runtime.class)));

  /** Throwable is not among them: it serves as the trace of a place, and is not thrown. */
  private static final DescribedPredicate<JavaConstructorCall> MAKES_A_GENERIC_EXCEPTION =
      describe(
          "makes an Exception, a RuntimeException or an Error",
          call ->
              Set.of(Exception.class, RuntimeException.class, Error.class).stream()
                      .anyMatch(call.getTargetOwner()::isEquivalentTo)
                  && !call.getOriginOwner().isAssignableTo(call.getTargetOwner().getName()));

  @ArchTest
  static final ArchRule EVERY_CLASS_HAS_ITS_MODULE =
      classes()
          .should(Conditions.haveTheirModule())
          .because("a module that Part does not know would go unchecked");

  @ArchTest
  static final ArchRule MODULES_DEPEND_ONE_WAY =
      classes()
          .should(Conditions.useOnlyModulesBelow())
          .because(
              "dependencies point one way: jetty, codings, intercept, tck to core to api; plugins,"
                  + " wasm to api");

  @ArchTest
  static final ArchRule LIBRARIES_STAY_IN_THEIR_MODULE =
      classes()
          .should(Conditions.useOnlyTheirLibraries())
          .because(
              "Jetty is the backend's alone, and nobody chooses a logging back end for others");

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
      slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PLUGINS_STAND_ALONE =
      slices()
          .matching("dev.headgate.plugins.(*)..")
          .should()
          .notDependOnEachOther()
          .because("each bundled plugin is an example of a plugin that stands alone");

  @ArchTest
  static final ArchRule WASM_ENGINE_STAYS_IN_ONE_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.headgate.wasm.chicory..")
          .and(describe("are ours", Part::ours))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.dylibso.chicory..")
          .because("another engine, or this one under its next name, must change one package only");

  @ArchTest
  static final ArchRule CORE_OPENS_NO_SOCKETS =
      noClasses()
          .that(
              describe(
                  // Key and trust managers of the JDK name sockets in methods that nobody calls.
                  "belong to core, but for core.tls",
                  type ->
                      Part.of(type).filter(Part.CORE::equals).isPresent()
                          && !type.getPackageName().equals("dev.headgate.core.tls")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.channels..", "java.net.http..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.net\\.(Server|Datagram|Multicast)?Socket|javax\\.net\\..*Socket(Factory)?")
          .because("connections are the backend's; keys and trust are settings");

  @ArchTest
  static final ArchRule PACKAGES_ARE_NULL_MARKED =
      classes()
          .should(Conditions.resideInNullMarkedPackages())
          .because("null contracts hold everywhere or nowhere");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_TYPE_IS =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Utils?|Helper)(\\$.*)?")
          .because("such a name hides a missing word");

  @ArchTest
  static final ArchRule NO_GENERIC_EXCEPTIONS =
      noClasses()
          .should()
          .callConstructorWhere(MAKES_A_GENERIC_EXCEPTION)
          .because("nobody can catch them without catching everything");

  /** But for those that print the scorecards at the end of a test run. */
  @ArchTest
  static final ArchRule NO_STANDARD_STREAMS =
      noClasses()
          .that(PUBLISHED)
          .and()
          .haveNameNotMatching("dev\\.headgate\\.tck\\.(BackendTck|broken\\.BrokenBackends)")
          .should(ACCESS_STANDARD_STREAMS)
          .because("the terminal belongs to the application");

  @ArchTest
  static final ArchRule NO_JAVA_UTIL_LOGGING =
      noClasses().should(USE_JAVA_UTIL_LOGGING).because("slf4j-api is the only logging dependency");

  @ArchTest
  static final ArchRule NO_PAUSES =
      noClasses()
          .should()
          .callMethodWhere(PAUSES)
          .because("waiting is done on an event, with a deadline from the engine's scheduler");

  @ArchTest
  static final ArchRule THE_PROCESS_IS_NOT_OURS =
      noClasses()
          .that(PUBLISHED)
          .should()
          .callMethodWhere(ENDS_THE_PROCESS)
          .because("a library must not end its application");

  @ArchTest
  static final ArchRule PUBLIC_TYPES_ARE_EXPORTED_OR_SHARED =
      classes()
          .that(PUBLISHED)
          .and()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .should(Conditions.beExportedOrUsedByAnotherPackage())
          .because("the narrowest visibility that works shows what others may rely on");

  private Rules() {}
}
