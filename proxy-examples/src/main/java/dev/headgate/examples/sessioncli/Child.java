package dev.headgate.examples.sessioncli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The command that the session is for: started at most once, and not after it was ended. */
final class Child {
  private final ProcessBuilder command;

  // Guarded by this.
  private @Nullable Process process;
  private boolean ended;

  Child(ProcessBuilder command) {
    this.command = command;
  }

  /**
   * Runs it to its end.
   *
   * @return its exit code; 128 + n where signal n killed it, or would have
   * @throws IOException if there is no such command
   */
  int run() throws IOException, InterruptedException {
    Process started;
    synchronized (this) {
      if (ended) return 128 + 15;
      started = command.start();
      process = started;
    }
    return started.waitFor();
  }

  /**
   * Tells it to end (SIGTERM), and kills it when the time is over.
   *
   * @return its exit code, as above
   */
  int end(Duration allowed) throws InterruptedException {
    Process running;
    synchronized (this) {
      ended = true;
      if (process == null) return 128 + 15;
      running = process;
    }
    running.destroy();
    if (!running.waitFor(allowed.toMillis(), TimeUnit.MILLISECONDS)) running.destroyForcibly();
    return running.waitFor();
  }
}
