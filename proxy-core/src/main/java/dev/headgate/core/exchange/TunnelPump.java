package dev.headgate.core.exchange;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Moves one direction of a tunnel: reads a piece, writes it, and reads the next one when that has
 * been taken. An end is passed on as an end.
 */
final class TunnelPump implements Completion, Runnable {
  private static final AtomicIntegerFieldUpdater<TunnelPump> WORK =
      AtomicIntegerFieldUpdater.newUpdater(TunnelPump.class, "work");

  private final TunnelFlow flow;
  private final Tunnel from;
  private final Tunnel to;

  @SuppressWarnings("unused") // by the updater
  private volatile int work;

  // Written by whoever iterates; handed over by the work counter.
  private boolean writing;
  private boolean lastWritten;
  private boolean stopped;
  private int writingBytes;
  private volatile boolean written;
  private volatile @Nullable Throwable writeFailure;
  private volatile long bytes;

  TunnelPump(TunnelFlow flow, Tunnel from, Tunnel to) {
    this.flow = flow;
    this.from = from;
    this.to = to;
  }

  /** How many bytes were taken by the peer. */
  long bytes() {
    return bytes;
  }

  /** Starts it, and goes on when there is something to read. */
  @Override
  public void run() {
    iterate();
  }

  @Override
  public void succeeded() {
    written = true;
    iterate();
  }

  @Override
  public void failed(Throwable reason) {
    writeFailure = reason;
    written = true;
    iterate();
  }

  /** Steps again for each signal that came while it stepped, so that nothing recurses. */
  private void iterate() {
    if (WORK.getAndIncrement(this) != 0) return;
    do {
      step();
    } while (WORK.decrementAndGet(this) != 0);
  }

  private void step() {
    if (writing) {
      if (!written) return;
      written = false;
      writing = false;
      Throwable failure = writeFailure;
      if (failure != null) {
        stopped = true;
        flow.broken(to, failure);
        return;
      }
      long before = bytes;
      bytes = before + writingBytes;
      flow.moved();
      if (lastWritten) {
        stopped = true;
        flow.ended();
        return;
      }
    }
    if (stopped) return;
    BodySource input = from.input();
    Content content = input.read();
    if (content == null) {
      input.demand(this);
      return;
    }
    Throwable failure = content.failure();
    if (failure != null) {
      content.release();
      stopped = true;
      flow.broken(from, failure);
      return;
    }
    flow.moved();
    writing = true;
    lastWritten = content.last();
    writingBytes = content.size();
    to.write(content, lastWritten, this);
  }
}
