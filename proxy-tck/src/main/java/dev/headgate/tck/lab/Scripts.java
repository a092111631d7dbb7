package dev.headgate.tck.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs the scripts of origins in the background, for drivers. Thread-safe. */
public final class Scripts {
  private final EventLog log;
  private final String name;
  private final List<String> failures = new ArrayList<>();
  private boolean ignoring;
  private int count;

  /**
   * Makes one.
   *
   * @param name a name for threads
   * @param log where to tell what broke
   */
  public Scripts(String name, EventLog log) {
    this.name = name;
    this.log = log;
  }

  /**
   * Runs a script on a thread of its own.
   *
   * @param script the script; what it throws is a failure, but for a {@link BrokenConnectionError}
   * @param request what to answer
   */
  public void run(Consumer<? super OriginRequest> script, OriginRequest request) {
    int number;
    synchronized (this) {
      number = ++count;
    }
    Thread thread = new Thread(() -> attempt(script, request), name + "-script-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  private void attempt(Consumer<? super OriginRequest> script, OriginRequest request) {
    try {
      script.accept(request);
    } catch (BrokenConnectionError e) {
      log.add("script", String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      note(e);
    }
  }

  private synchronized void note(Throwable e) {
    if (!ignoring) failures.add("a script failed: " + e);
    log.add("script", "failed: " + e);
  }

  /** Ignores failures from now on: connections are being broken on purpose. */
  public synchronized void ignoreFailures() {
    ignoring = true;
  }

  /**
   * Returns what scripts threw.
   *
   * @return a line for each
   */
  public synchronized List<String> failures() {
    return List.copyOf(failures);
  }
}
