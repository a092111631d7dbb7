package dev.headgate.plugins.headers;

import dev.headgate.api.http.FieldSyntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What is wrong with names and values, as sentences, so that all of them can be told at once. */
final class Mistakes {
  /** Fields that the engine writes itself, whatever a plugin sets. */
  private static final Set<String> FRAMING =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private Mistakes() {}

  static Optional<String> ofName(String name) {
    return message(() -> FieldSyntax.requireName(name));
  }

  /** Looks for illegal names, names of framing, names given twice, and illegal constants. */
  static List<String> ofFields(List<OwnedField> fields) {
    List<String> mistakes = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (OwnedField field : fields) {
      String name = field.name();
      ofName(name).ifPresent(mistakes::add);
      String lowerCase = name.toLowerCase(Locale.ROOT);
      if (FRAMING.contains(lowerCase)) {
        mistakes.add("field '" + name + "' belongs to the framing of messages and can't be set");
      }
      if (!seen.add(lowerCase)) mistakes.add("field '" + name + "' is set twice");
      if (field.source() instanceof ValueSource.Constant constant) {
        ofValue(name, constant.text()).ifPresent(mistakes::add);
      }
    }
    return mistakes;
  }

  /** The sentence never holds the value, which may be a secret. */
  static Optional<String> ofValue(String name, String value) {
    return message(() -> FieldSyntax.requireValue(name, value));
  }

  static void throwIfAny(String what, List<String> mistakes) {
    if (mistakes.isEmpty()) return;
    throw new IllegalArgumentException(
        what + " '" + HeaderInjectionPlugin.ID + "': " + String.join("; ", mistakes));
  }

  private static Optional<String> message(Runnable check) {
    try {
      check.run();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
