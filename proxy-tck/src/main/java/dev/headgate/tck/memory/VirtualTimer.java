package dev.headgate.tck.memory;

import dev.headgate.core.spi.Engine;

/** A task with a virtual deadline. State is guarded by the loop's lock. */
final class VirtualTimer implements Engine.Timer, Runnable {
  final long deadline;
  final long sequence;
  final boolean internal;

  /** Where it was made, for the report of a leak. */
  final Throwable madeAt;

  boolean cancelled;
  private final EventLoop loop;
  private final Runnable task;

  VirtualTimer(EventLoop loop, long deadline, long sequence, Runnable task, boolean internal) {
    this.loop = loop;
    this.deadline = deadline;
    this.sequence = sequence;
    this.task = task;
    this.internal = internal;
    this.madeAt = new Throwable("timer made here: " + task.getClass().getName());
  }

  @Override
  public void cancel() {
    loop.cancel(this);
  }

  @Override
  public void run() {
    if (!loop.get(() -> cancelled)) task.run();
  }
}
