package dev.headgate.tck.broken;

import dev.headgate.core.spi.Completion;

/** Where nobody listens. */
final class Quiet {
  /** Ignores what it is told. */
  static final Completion COMPLETION =
      new Completion() {
        @Override
        public void succeeded() {}

        @Override
        public void failed(Throwable reason) {}
      };

  private Quiet() {}
}
