package dev.headgate.plugins.logging;

/** Where events end up. Called on one thread only, which it may block. */
interface EventWriter {
  /** Writes an event. What it throws is counted as a dropped line. */
  void write(LogEvent event);

  /** Says that lines are missing here. */
  void dropped(long lines);

  /** Nothing more to write for now. */
  void flush();

  /** The end; called once. */
  void close();
}
