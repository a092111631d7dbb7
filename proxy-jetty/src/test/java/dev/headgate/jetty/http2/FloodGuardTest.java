package dev.headgate.jetty.http2;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.junit.jupiter.api.Test;

class FloodGuardTest {
  private static final ResetFrame EVENT = new ResetFrame(1, 8);

  private final AtomicLong now = new AtomicLong();
  private final FloodGuard guard = new FloodGuard(10, 2, now::get);

  private void spend(int events) {
    for (int i = 0; i < events; i++) assertTrue(guard.onEvent(EVENT));
  }

  @Test
  void burstIsAllowedAndNoMore() {
    spend(10);
    assertFalse(guard.onEvent(EVENT));
  }

  @Test
  void timeGivesLeave() {
    spend(10);
    now.addAndGet(1_000_000_000);
    spend(2);
    assertFalse(guard.onEvent(EVENT));
  }

  @Test
  void whatIsSentGivesLeaveForOneEach() {
    spend(10);
    guard.sent(1);
    guard.sent(2);
    spend(3);
    assertFalse(guard.onEvent(EVENT));
  }

  @Test
  void leaveIsNotSavedUpBeyondABurst() {
    for (int i = 0; i < 100; i++) guard.sent(1);
    spend(10);
    assertFalse(guard.onEvent(EVENT));
  }

  @Test
  void ownResetsAreFree() {
    for (int i = 0; i < 100; i++)
      assertTrue(guard.onEvent(new OwnReset(1, org.eclipse.jetty.http2.ErrorCode.NO_ERROR)));
    spend(10);
  }
}
