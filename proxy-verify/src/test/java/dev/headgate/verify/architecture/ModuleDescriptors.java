package dev.headgate.verify.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The {@code module-info} of each class, read from where the class itself was read. */
final class ModuleDescriptors {
  private final Map<URI, Known> known = new HashMap<>();

  /** What a module shows to others. */
  record Known(Set<String> exported, Set<String> providers) {
    boolean needsPublic(JavaClass type) {
      return exported.contains(type.getPackageName())
          || providers.contains(type.getName())
          || type.tryGetMethod("main", String[].class).isPresent();
    }
  }

  Known of(JavaClass type) {
    String uri = type.getSource().orElseThrow().getUri().toString();
    String path = type.getName().replace('.', '/') + ".class";
    if (!uri.endsWith(path)) throw new IllegalStateException(uri + " does not end with " + path);
    URI root = URI.create(uri.substring(0, uri.length() - path.length()));
    return known.computeIfAbsent(root, ModuleDescriptors::read);
  }

  private static Known read(URI root) {
    try (InputStream in = URI.create(root + "module-info.class").toURL().openStream()) {
      ModuleDescriptor descriptor = ModuleDescriptor.read(in);
      Set<String> exported = new HashSet<>();
      descriptor.exports().forEach(export -> exported.add(export.source()));
      Set<String> providers = new HashSet<>();
      descriptor.provides().forEach(provided -> providers.addAll(provided.providers()));
      return new Known(exported, providers);
    } catch (IOException e) {
      throw new UncheckedIOException("each module has a module-info, but see " + root, e);
    }
  }
}
