package dev.headgate.jetty.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is said to a proxy, and what it must answer, until the way to an upstream is open. */
interface ParentDialogue {
  /** Returns what is sent first. */
  ByteBuffer begin();

  /**
   * Returns how many bytes may be read now: never more than belong to the answer, where that can be
   * known. 0 when the way is open.
   */
  int wanted();

  /**
   * Takes what came.
   *
   * @param bytes at most as many as were wanted
   * @return what to send next; null when more must come first, or the way is open
   * @throws IOException if the proxy refuses, or speaks otherwise
   */
  @Nullable ByteBuffer received(ByteBuffer bytes) throws IOException;

  /** Returns what came behind the last answer; it is the upstream's. */
  ByteBuffer early();
}
