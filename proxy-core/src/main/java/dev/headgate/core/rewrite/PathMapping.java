package dev.headgate.core.rewrite;

import org.jspecify.annotations.Nullable;

/** How paths that clients ask for and paths that an upstream is asked for belong together. */
public interface PathMapping {
  /**
   * Returns what the upstream is asked for.
   *
   * @param clientPath a normal path that the route matches
   * @return a normal path; the same object where nothing changes
   */
  String toUpstream(String clientPath);

  /**
   * Returns what a client would ask for to get a path of the upstream.
   *
   * @param upstreamPath a path without dot segments
   * @return the path; null when there is none
   */
  @Nullable String toClient(String upstreamPath);
}
