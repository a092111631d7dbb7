package dev.headgate.core.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name. Thread-safe. */
@FunctionalInterface
public interface NameLookup {
  /**
   * Looks a name up; may block.
   *
   * @param name never an address literal
   * @return one or more addresses, in the order in which they are tried
   * @throws UnknownHostException if there are none
   */
  InetAddress[] lookup(String name) throws UnknownHostException;
}
