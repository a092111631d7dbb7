package dev.headgate.core.exchange;

import dev.headgate.core.spi.BodyPump;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;

/**
 * Moves one direction of a tunnel: reads a piece, writes it, and reads the next one when that has
 * been taken. An end is passed on as an end.
 */
final class TunnelPump extends BodyPump {
  private final TunnelFlow flow;
  private final Tunnel from;
  private final Tunnel to;

  private int writingBytes;
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

  @Override
  protected void next() {
    read(from.input());
  }

  @Override
  protected void write(Content content, boolean last) {
    flow.moved();
    writingBytes = content.size();
    writing(last);
    to.write(content, last, this);
  }

  @Override
  protected boolean taken(boolean last) {
    long before = bytes;
    bytes = before + writingBytes;
    flow.moved();
    return true;
  }

  @Override
  protected void ended() {
    flow.ended();
  }

  @Override
  protected void readFailed(Throwable reason) {
    flow.broken(from, reason);
  }

  @Override
  protected void writeFailed(Throwable reason) {
    flow.broken(to, reason);
  }
}
