package dev.headgate.plugins.logging;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an exception whose text, or that of one of its causes, must not be logged as it is.
 * It has the same stack; its message is the type and the masked text of the original.
 */
final class SafeThrowable extends Throwable {
  private static final long serialVersionUID = 1;

  private SafeThrowable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Returns {@code throwable} itself when all of its texts are harmless, else a copy. */
  static Throwable of(Throwable throwable, Masking masking) {
    return isHarmless(throwable, masking, seen()) ? throwable : copy(throwable, masking, seen());
  }

  private static Set<Throwable> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static boolean isHarmless(
      @Nullable Throwable throwable, Masking masking, Set<Throwable> seen) {
    if (throwable == null || !seen.add(throwable)) return true;
    if (!isHarmless(throwable.getMessage(), masking)) return false;
    if (!isHarmless(throwable.toString(), masking)) return false;
    for (Throwable suppressed : throwable.getSuppressed()) {
      if (!isHarmless(suppressed, masking, seen)) return false;
    }
    return isHarmless(throwable.getCause(), masking, seen);
  }

  private static boolean isHarmless(@Nullable String text, Masking masking) {
    return text == null || masking.text(text).equals(text);
  }

  private static SafeThrowable copy(Throwable original, Masking masking, Set<Throwable> seen) {
    seen.add(original);
    Throwable cause = original.getCause();
    SafeThrowable copy =
        new SafeThrowable(
            masking.text(original.toString()),
            cause == null || seen.contains(cause) ? null : copy(cause, masking, seen));
    copy.setStackTrace(original.getStackTrace());
    for (Throwable suppressed : original.getSuppressed()) {
      if (!seen.contains(suppressed)) copy.addSuppressed(copy(suppressed, masking, seen));
    }
    return copy;
  }

  /** The stack is the original's. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
