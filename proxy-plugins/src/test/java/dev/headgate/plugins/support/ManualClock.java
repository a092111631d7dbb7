package dev.headgate.plugins.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until it is moved. Thread-safe. */
public final class ManualClock extends Clock {
  private final AtomicLong millis;
  private final ZoneId zone;

  private ManualClock(AtomicLong millis, ZoneId zone) {
    this.millis = millis;
    this.zone = zone;
  }

  public static ManualClock at(String instant) {
    return new ManualClock(new AtomicLong(Instant.parse(instant).toEpochMilli()), ZoneOffset.UTC);
  }

  public void advance(Duration duration) {
    millis.addAndGet(duration.toMillis());
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public ManualClock withZone(ZoneId other) {
    return new ManualClock(millis, other);
  }

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }
}
