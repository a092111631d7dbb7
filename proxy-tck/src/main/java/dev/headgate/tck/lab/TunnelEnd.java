package dev.headgate.tck.lab;

/**
 * A connection on which no HTTP is spoken any more, as a scripted client or upstream has it. As a
 * reader it is what the peer sends, whose clean end is an end of that direction, and whose unclean
 * one is a reset; as a writer it is the other direction, which {@link #end} ends by itself.
 */
public interface TunnelEnd extends BodyReader, BodyWriter {
  /** Vanishes: both directions break at once; over sockets with a reset. */
  void reset();
}
