package dev.headgate.verify.architecture;

import java.util.List;

/** For each rule at least one way to break it. */
final class RuleCases {
  static final List<RuleCase> ALL =
      List.of(
          new RuleCase(
              "EVERY_CLASS_HAS_ITS_MODULE",
              "a module nobody entered in Part",
              "dev.headgate.novel.Thing",
              Snippet.of("package dev.headgate.novel; class Thing {}"),
              Snippet.of("package dev.headgate.core.novel; class Thing {}")),
          new RuleCase(
              "MODULES_DEPEND_ONE_WAY",
              "the plugin contract knows the engine",
              "dev.headgate.api.Leak",
              Snippet.of(
                  "package dev.headgate.api; class Leak { dev.headgate.core.spi.Engine engine; }"),
              Snippet.of(
                  "package dev.headgate.jetty; class Leak { dev.headgate.core.spi.Engine engine; }")),
          new RuleCase(
              "MODULES_DEPEND_ONE_WAY",
              "a plugin knows the facade",
              "dev.headgate.plugins.auth.Leak",
              Snippet.of("package dev.headgate.plugins.auth; class Leak { dev.headgate.Proxy p; }"),
              Snippet.of(
                  "package dev.headgate.plugins.auth; class Leak { dev.headgate.api.Hook p; }")),
          new RuleCase(
              "MODULES_DEPEND_ONE_WAY",
              "the facade knows the backend, if only in an array",
              "dev.headgate.jetty.Server",
              Snippet.of(
                  "package dev.headgate; class Facade { dev.headgate.jetty.Server[] servers; }",
                  "package dev.headgate.jetty; public class Server {}"),
              Snippet.of(
                  "package dev.headgate; class Facade { dev.headgate.core.Server[] servers; }",
                  "package dev.headgate.core; public class Server {}")),
          new RuleCase(
              "MODULES_DEPEND_ONE_WAY",
              "a library uses an example",
              "dev.headgate.tck.Kit",
              Snippet.of(
                  "package dev.headgate.tck; class Kit { dev.headgate.examples.Demo demo; }",
                  "package dev.headgate.examples; public class Demo {}"),
              Snippet.of(
                  "package dev.headgate.tck; class Kit { dev.headgate.tck.memory.Demo demo; }",
                  "package dev.headgate.tck.memory; public class Demo {}")),
          new RuleCase(
              "LIBRARIES_STAY_IN_THEIR_MODULE",
              "a Jetty type in the core",
              "org.eclipse.jetty.util.Callback",
              Snippet.of(
                  "package dev.headgate.core; class A { org.eclipse.jetty.util.Callback c; }"),
              Snippet.of(
                  "package dev.headgate.jetty; class A { org.eclipse.jetty.util.Callback c; }")),
          new RuleCase(
              "LIBRARIES_STAY_IN_THEIR_MODULE",
              "a plugin brings its own logging back end",
              "org.slf4j.simple.SimpleLogger",
              Snippet.of(
                  "package dev.headgate.plugins.a; class A { org.slf4j.simple.SimpleLogger l; }"),
              Snippet.of("package dev.headgate.plugins.a; class A { org.slf4j.Logger l; }")),
          new RuleCase(
              "NO_CYCLES_BETWEEN_PACKAGES",
              "two packages of one module need each other",
              "Cycle detected",
              Snippet.of(
                  "package dev.headgate.core.a; public class A { dev.headgate.core.b.B b; }",
                  "package dev.headgate.core.b; public class B { dev.headgate.core.a.A a; }"),
              Snippet.of(
                  "package dev.headgate.core.a; public class A { dev.headgate.core.b.B b; }",
                  "package dev.headgate.core.b; public class B {}")),
          new RuleCase(
              "NO_CYCLES_BETWEEN_PACKAGES",
              "a package and the one below it need each other",
              "Cycle detected",
              Snippet.of(
                  "package dev.headgate.core.a; public class A { dev.headgate.core.a.b.B b; }",
                  "package dev.headgate.core.a.b; public class B { dev.headgate.core.a.A a; }"),
              Snippet.of(
                  "package dev.headgate.core.a; public class A {}",
                  "package dev.headgate.core.a.b; public class B { dev.headgate.core.a.A a; }")),
          new RuleCase(
              "PLUGINS_STAND_ALONE",
              "one bundled plugin calls another",
              "dev.headgate.plugins.b.B",
              Snippet.of(
                  "package dev.headgate.plugins.a; public class A { dev.headgate.plugins.b.B b; }",
                  "package dev.headgate.plugins.b; public class B {}"),
              Snippet.of(
                  "package dev.headgate.plugins.a; public class A { dev.headgate.plugins.a.c.C c; }",
                  "package dev.headgate.plugins.a.c; public class C {}",
                  "package dev.headgate.plugins.b; public class B {}")),
          new RuleCase(
              "WASM_ENGINE_STAYS_IN_ONE_PACKAGE",
              "a plugin knows the engine that runs its guest",
              "com.dylibso.chicory.runtime.Instance",
              Snippet.of(
                  "package dev.headgate.wasm.a; class A { com.dylibso.chicory.runtime.Instance i; }"),
              Snippet.of(
                  "package dev.headgate.wasm.chicory.a;"
                      + " class A { com.dylibso.chicory.runtime.Instance i; }")),
          new RuleCase(
              "CORE_OPENS_NO_SOCKETS",
              "the core connects by itself",
              "java.net.Socket",
              Snippet.of("package dev.headgate.core.a; class A { java.net.Socket socket; }"),
              Snippet.of("package dev.headgate.jetty.a; class A { java.net.Socket socket; }")),
          new RuleCase(
              "CORE_OPENS_NO_SOCKETS",
              "the core selects channels",
              "java.nio.channels.Selector",
              Snippet.of("package dev.headgate.core.a; class A { java.nio.channels.Selector s; }"),
              Snippet.of("package dev.headgate.core.a; class A { java.nio.ByteBuffer s; }")),
          new RuleCase(
              "PACKAGES_ARE_NULL_MARKED",
              "a package without package-info",
              "dev.headgate.api.a.A",
              Snippet.of("package dev.headgate.api.a; class A {}"),
              Snippet.of(
                  "package dev.headgate.api.a; class A {}",
                  "@org.jspecify.annotations.NullMarked package dev.headgate.api.a;")),
          new RuleCase(
              "PACKAGES_ARE_NULL_MARKED",
              "a package-info without the annotation",
              "dev.headgate.api.a.A",
              Snippet.of(
                  "package dev.headgate.api.a; class A {}",
                  "@Deprecated package dev.headgate.api.a;"),
              Snippet.of(
                  "package dev.headgate.api.a; class A {}",
                  "@org.jspecify.annotations.NullMarked package dev.headgate.api.a;")),
          new RuleCase(
              "NAMES_SAY_WHAT_A_TYPE_IS",
              "an Impl",
              "dev.headgate.core.ProxyImpl",
              Snippet.of("package dev.headgate.core; class ProxyImpl {}"),
              Snippet.of("package dev.headgate.core; class Implicit {}")),
          new RuleCase(
              "NAMES_SAY_WHAT_A_TYPE_IS",
              "a nested Helper",
              "dev.headgate.core.Outer$PathHelper",
              Snippet.of("package dev.headgate.core; class Outer { class PathHelper {} }"),
              Snippet.of("package dev.headgate.core; class Outer { class Path {} }")),
          new RuleCase(
              "NAMES_SAY_WHAT_A_TYPE_IS",
              "a Utils",
              "dev.headgate.core.IOUtils",
              Snippet.of("package dev.headgate.core; class IOUtils {}"),
              Snippet.of("package dev.headgate.core; class Utility {}")),
          new RuleCase(
              "NO_GENERIC_EXCEPTIONS",
              "throws RuntimeException itself",
              "java.lang.RuntimeException",
              Snippet.of(
                  "package dev.headgate.core; class A { void a() { throw new RuntimeException(); } }"),
              Snippet.of(
                  "package dev.headgate.core;"
                      + " class A { void a() { throw new IllegalStateException(); }"
                      + " Throwable here = new Throwable(\"made here\"); }",
                  "package dev.headgate.core; class Own extends RuntimeException {}")),
          new RuleCase(
              "NO_GENERIC_EXCEPTIONS",
              "hands a plain Exception to a callback",
              "java.lang.Exception",
              Snippet.of(
                  "package dev.headgate.jetty;"
                      + " class A { Throwable a(String why) { return new Exception(why); } }"),
              Snippet.of(
                  "package dev.headgate.jetty;"
                      + " class A { Throwable a(String why)"
                      + " { return new java.io.IOException(why); } }")),
          new RuleCase(
              "NO_STANDARD_STREAMS",
              "a plugin prints",
              "java.lang.System.out",
              Snippet.of(
                  "package dev.headgate.plugins.a; class A { void a() { System.out.println(); } }"),
              Snippet.of(
                  "package dev.headgate.examples.a; class A { void a() { System.out.println(); } }")),
          new RuleCase(
              "NO_STANDARD_STREAMS",
              "the core prints a stack trace",
              "printStackTrace",
              Snippet.of(
                  "package dev.headgate.core;"
                      + " class A { void a(Exception e) { e.printStackTrace(); } }"),
              Snippet.of(
                  "package dev.headgate.core;"
                      + " class A { void a(Exception e, java.io.PrintWriter out)"
                      + " { e.printStackTrace(out); } }")),
          new RuleCase(
              "NO_JAVA_UTIL_LOGGING",
              "the wrong logger",
              "java.util.logging",
              Snippet.of(
                  "package dev.headgate.core;"
                      + " class A { java.util.logging.Logger l ="
                      + " java.util.logging.Logger.getLogger(\"\"); }"),
              Snippet.of("package dev.headgate.core; class A { org.slf4j.Logger l; }")),
          new RuleCase(
              "NO_PAUSES",
              "sleeps",
              "java.lang.Thread.sleep",
              Snippet.of(
                  "package dev.headgate.core;"
                      + " class A { void a() throws Exception { Thread.sleep(1); } }"),
              Snippet.of(
                  "package dev.headgate.core;"
                      + " class A { void a() throws Exception { new Object().wait(); } }")),
          new RuleCase(
              "NO_PAUSES",
              "sleeps by another name",
              "java.util.concurrent.TimeUnit.sleep",
              Snippet.of(
                  "package dev.headgate.tck;"
                      + " class A { void a(java.util.concurrent.TimeUnit u) throws Exception"
                      + " { u.sleep(1); } }"),
              Snippet.of(
                  "package dev.headgate.tck;"
                      + " class A { void sleep() {} void a() { sleep(); } }")),
          new RuleCase(
              "THE_PROCESS_IS_NOT_OURS",
              "a plugin exits",
              "java.lang.System.exit",
              Snippet.of(
                  "package dev.headgate.plugins.a; class A { void a() { System.exit(1); } }"),
              Snippet.of(
                  "package dev.headgate.examples.a; class A { void a() { System.exit(1); } }")),
          new RuleCase(
              "PUBLIC_TYPES_ARE_EXPORTED_OR_SHARED",
              "public, though only its own package uses it",
              "dev.headgate.core.hidden.Wide",
              Snippet.of(
                  "module dev.headgate.core { exports dev.headgate.core.shown; }",
                  "package dev.headgate.core.shown; public class Shown {}",
                  "package dev.headgate.core.hidden; public class Wide {}",
                  "package dev.headgate.core.hidden; class User { Wide wide; }"),
              Snippet.of(
                  "module dev.headgate.core { exports dev.headgate.core.shown;"
                      + " provides Runnable with dev.headgate.core.hidden.Provider; }",
                  "package dev.headgate.core.shown;"
                      + " public class Shown { private dev.headgate.core.hidden.Wide wide; }",
                  "package dev.headgate.core.hidden; public class Wide {}",
                  "package dev.headgate.core.hidden;"
                      + " public class Provider implements Runnable { public void run() {} }",
                  "package dev.headgate.core.hidden; class User { Wide wide; }")));

  private RuleCases() {}
}
