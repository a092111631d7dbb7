package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A proxy that can be compared. */
interface Peer {
  String name();

  /** Says what it needs that this machine has not; empty if it can be started. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** Returns how it can be spoken to. */
  Set<Way> ways();

  /**
   * Starts it.
   *
   * @param upstream the process it is to ask
   * @param way how it will be spoken to; one of its ways
   * @param directory for its files; its own
   * @return the way to the upstream that goes through it
   */
  Subject start(Running upstream, Way way, Path directory) throws IOException, InterruptedException;
}
