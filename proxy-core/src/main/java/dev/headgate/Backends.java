package dev.headgate;

import dev.headgate.core.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the backend to run on. */
final class Backends {
  private Backends() {}

  /**
   * Returns the one backend there is, or the one of a name; adds to the mistakes and returns null
   * if none fits.
   */
  static @Nullable Backend find(@Nullable String name, List<String> mistakes) {
    List<Backend> found = new ArrayList<>();
    ServiceLoader.load(Backend.class).forEach(found::add);
    if (found.isEmpty() && Backend.class.getClassLoader() != null) {
      // A context class loader that doesn't see backends (a plugin host, a task of a common pool).
      ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).forEach(found::add);
    }
    List<String> names = found.stream().map(Backend::name).sorted().toList();
    List<Backend> fitting =
        name == null ? found : found.stream().filter(b -> b.name().equals(name)).toList();
    if (fitting.size() == 1) return fitting.get(0);
    if (found.isEmpty()) {
      mistakes.add(
          "no backend was found: expected one on the class or module path, such as proxy-jetty");
    } else if (name == null) {
      mistakes.add("several backends were found: choose one of " + names + " with backend(name)");
    } else {
      mistakes.add("no single backend '" + name + "' was found; there are " + names);
    }
    return null;
  }
}
