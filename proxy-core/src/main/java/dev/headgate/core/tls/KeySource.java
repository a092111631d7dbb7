package dev.headgate.core.tls;

import java.util.List;

/** Files that hold keys with their certificates. */
interface KeySource {
  /**
   * Reads them.
   *
   * @param mistakes gets one sentence for each thing that is wrong
   * @return what could be read
   */
  List<Identity> read(List<String> mistakes);
}
