package dev.headgate.tck.broken;

import dev.headgate.core.spi.Completion;

/** Goes on when a step worked; else tells that it failed. */
record Then(Completion done, Runnable next) implements Completion {
  @Override
  public void succeeded() {
    next.run();
  }

  @Override
  public void failed(Throwable reason) {
    done.failed(reason);
  }
}
