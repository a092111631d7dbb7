package dev.headgate.core.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.chain.PluginHealth.Admission;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PluginHealthTest {
  private final PluginHealth health = new PluginHealth(3, Duration.ofNanos(100));

  @Test
  void suspendsAfterFaultsInARow() {
    assertFalse(health.fault(0));
    assertFalse(health.fault(0));
    assertTrue(health.fault(0));
    assertEquals(Admission.SUSPENDED, health.admit(99));
    assertEquals(3, health.faults());
    assertEquals(1, health.suspensions());
  }

  @Test
  void aCleanEndBreaksTheRow() {
    health.fault(0);
    health.fault(0);
    health.cleanEnd();
    assertFalse(health.fault(0));
    assertEquals(Admission.RUN, health.admit(0));
  }

  @Test
  void triesWithOneExchangeAfterTheCoolDown() {
    suspend(0);
    assertEquals(Admission.TRIAL, health.admit(100));
    assertEquals(Admission.SUSPENDED, health.admit(100));
    health.trialEnded(true);
    assertEquals(Admission.RUN, health.admit(100));
    assertFalse(health.troubled());
  }

  @Test
  void aFailedTrialStartsTheCoolDownAnew() {
    suspend(0);
    assertEquals(Admission.TRIAL, health.admit(150));
    health.fault(160);
    health.trialEnded(false);
    assertEquals(Admission.SUSPENDED, health.admit(200));
    assertEquals(Admission.TRIAL, health.admit(260));
    assertEquals(1, health.suspensions());
  }

  private void suspend(long now) {
    for (int i = 0; i < 3; i++) health.fault(now);
  }
}
