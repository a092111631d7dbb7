package dev.headgate.verify.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The modules, each with the modules and the libraries that it may use. A module that is missing
 * here fails {@link Rules#EVERY_CLASS_HAS_ITS_MODULE}.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
enum Part {
  API(List.of("dev.headgate.api"), List.of(), List.of()),
  CORE(List.of("dev.headgate.core"), List.of(API), List.of()),
  CODINGS(
      List.of("dev.headgate.codings"),
      List.of(API, CORE),
      List.of("com.aayushatharva.brotli4j", "com.github.luben.zstd")),
  JETTY(List.of("dev.headgate.jetty"), List.of(API, CORE), List.of("org.eclipse.jetty")),
  INTERCEPT(
      List.of("dev.headgate.intercept"),
      List.of(API, CORE),
      List.of("org.bouncycastle", "com.github.benmanes.caffeine")),
  PLUGINS(List.of("dev.headgate.plugins"), List.of(API), List.of("com.fasterxml.jackson.core")),
  WASM(
      List.of("dev.headgate.wasm"),
      List.of(API),
      List.of(
          "com.dylibso.chicory", "com.fasterxml.jackson.core", "org.extism.sdk", "com.sun.jna")),
  TCK(
      List.of("dev.headgate.tck", "dev.headgate.testkit"),
      List.of(API, CORE),
      List.of("org.junit.jupiter.api", "org.junit.jupiter.params", "org.opentest4j")),
  EXAMPLES(
      List.of("dev.headgate.examples"),
      List.of(API, CORE, CODINGS, INTERCEPT, PLUGINS, WASM),
      List.of("picocli", "com.sun.net.httpserver")),
  VERIFY(
      List.of("dev.headgate.verify"),
      List.of(API, CORE, PLUGINS, WASM),
      List.of("com.sun.net.httpserver"));

  /** The package of the facade, which is part of the core. */
  private static final String FACADE = "dev.headgate";

  /** What every module may use. */
  private static final List<String> COMMON = List.of("java", "javax", "org.slf4j", "org.jspecify");

  private final List<String> roots;
  private final List<Part> uses;
  private final List<String> libraries;

  Part(List<String> roots, List<Part> uses, List<String> libraries) {
    this.roots = roots;
    this.uses = uses;
    this.libraries = libraries;
  }

  /** Returns the module that a class of ours belongs to. */
  static Optional<Part> of(JavaClass type) {
    return Arrays.stream(values()).filter(part -> part.has(type)).findFirst();
  }

  /** Tells our classes from those of libraries. */
  static boolean ours(JavaClass type) {
    return within(type, FACADE);
  }

  /** Tells programs, which talk to a terminal, from what others embed. */
  boolean isProgram() {
    return this == EXAMPLES || this == VERIFY;
  }

  boolean mayUse(Part other) {
    return this == other || uses.contains(other);
  }

  boolean mayUseLibraryOf(JavaClass type) {
    if (type.getPackageName().startsWith("org.slf4j.simple")) return false;
    return COMMON.stream().anyMatch(library -> within(type, library))
        || libraries.stream().anyMatch(library -> within(type, library));
  }

  private boolean has(JavaClass type) {
    return roots.stream().anyMatch(root -> within(type, root))
        || (this == CORE && type.getPackageName().equals(FACADE));
  }

  private static boolean within(JavaClass type, String root) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }
}
