package dev.headgate.tck.memory;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A loop's time as a clock. */
final class VirtualClock extends Clock {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final EventLoop loop;
  private final ZoneId zone;

  VirtualClock(EventLoop loop) {
    this(loop, ZoneOffset.UTC);
  }

  private VirtualClock(EventLoop loop, ZoneId zone) {
    this.loop = loop;
    this.zone = zone;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new VirtualClock(loop, other);
  }

  @Override
  public Instant instant() {
    return START.plusNanos(loop.elapsedNanos());
  }
}
