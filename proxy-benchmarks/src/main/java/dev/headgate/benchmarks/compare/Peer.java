package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A proxy that can be compared. */
interface Peer {
  String name();

  /** Says what it needs that this machine has not; empty if it can be started. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /**
   * Starts it.
   *
   * @param upstream the process it is to ask
   * @param directory for its files; its own
   * @return the way to the upstream that goes through it
   */
  Subject start(Running upstream, Path directory) throws IOException, InterruptedException;
}
