package dev.headgate.tck.lab.socket;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * TLS on a connection. Reads and writes may be on different threads, once the handshake is done.
 */
final class TlsLayer {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Connection connection;
  private final SSLEngine engine;

  /** Records as they came, from position to limit. */
  private final ByteBuffer received;

  /** What was in them, from position to limit. */
  private final ByteBuffer plain;

  /** Records to be sent, from position to limit. */
  private final ByteBuffer sealed;

  TlsLayer(Connection connection, SSLEngine engine) {
    this.connection = connection;
    this.engine = engine;
    int record = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocate(record).limit(0);
    this.sealed = ByteBuffer.allocate(record).limit(0);
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
  }

  /** Shakes hands; the peer is told what is wrong. */
  void handshake(long millis) throws IOException {
    engine.beginHandshake();
    try {
      while (true) {
        switch (engine.getHandshakeStatus()) {
          case NEED_WRAP -> send(NOTHING, millis);
          case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
            if (!unwrap(false)) throw new EOFException("the connection ended in the handshake");
          }
          case NEED_TASK -> runTasks();
          case FINISHED, NOT_HANDSHAKING -> {
            return;
          }
        }
      }
    } catch (SSLException e) {
      try {
        send(NOTHING, millis);
      } catch (IOException alreadyBroken) {
        e.addSuppressed(alreadyBroken);
      }
      throw e;
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Reads one byte or more; −1 at the end. */
  int read(ByteBuffer into, boolean forever) throws IOException {
    while (!plain.hasRemaining()) {
      if (!unwrap(forever)) return -1;
      runTasks();
    }
    int count = Math.min(plain.remaining(), into.remaining());
    into.put(plain.slice().limit(count));
    plain.position(plain.position() + count);
    return count;
  }

  /** Takes one record; false at the end. */
  private boolean unwrap(boolean forever) throws IOException {
    while (true) {
      SSLEngineResult result;
      plain.compact();
      try {
        result = engine.unwrap(received, plain);
      } finally {
        plain.flip();
      }
      switch (result.getStatus()) {
        case OK -> {
          return true;
        }
        case CLOSED -> {
          return false;
        }
        case BUFFER_UNDERFLOW -> {
          received.compact();
          try {
            if (connection.receive(received, forever) < 0) return false;
          } finally {
            received.flip();
          }
        }
        case BUFFER_OVERFLOW -> throw new IOException("a record is larger than records are");
      }
    }
  }

  /** Writes until all is out or the connection stalls; true if all is out. */
  synchronized boolean write(ByteBuffer bytes, long millis) throws IOException {
    if (!connection.transmit(sealed, millis)) return false;
    while (bytes.hasRemaining()) {
      if (!send(bytes, millis)) return false;
    }
    return true;
  }

  private synchronized boolean send(ByteBuffer bytes, long millis) throws IOException {
    sealed.clear();
    try {
      engine.wrap(bytes, sealed);
    } finally {
      sealed.flip();
    }
    return connection.transmit(sealed, millis);
  }

  /** Tells the peer that no more will be sent. */
  void finish(long millis) throws IOException {
    engine.closeOutbound();
    send(NOTHING, millis);
  }
}
