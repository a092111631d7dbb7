package dev.headgate.tck.lab.socket;

import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.Waits;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is read and written bit by bit, each side by one thread at a time. {@link #reset()}
 * and {@link #close()} may come at any time, and wake whoever waits.
 */
final class Connection implements Closeable {
  /** Small, so that bounds are bounds; not so small that loopback segments do not fit. */
  static final int SOCKET_BUFFER_BYTES = 256 * 1024;

  /** A connection that takes nothing for so long is stalled. */
  private static final long STALLED_MILLIS = 1000;

  private static final int BUFFER_BYTES = 2 * 1024;

  final String who;
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private volatile @Nullable TlsLayer tls;

  Connection(SocketChannel channel, String who) throws IOException {
    this.who = who;
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
    channel.configureBlocking(false);
    readable = Selector.open();
    writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  /**
   * Waits until there is a byte to read.
   *
   * @param forever whether to wait beyond the ceiling
   * @return false at the end of the stream
   */
  boolean await(boolean forever) throws IOException {
    if (in.hasRemaining()) return true;
    in.clear();
    TlsLayer secured = tls;
    try {
      int count = secured == null ? receive(in, forever) : secured.read(in, forever);
      return count > 0;
    } finally {
      in.flip();
    }
  }

  /** Speaks TLS from now on; returns when the handshake is done. Nothing may have been read yet. */
  void secure(SSLEngine engine) throws IOException {
    if (in.hasRemaining()) throw new IllegalStateException(who + ": bytes came before TLS");
    TlsLayer layer = new TlsLayer(this, engine);
    layer.handshake(Waits.ceiling().toMillis());
    tls = layer;
  }

  /** Reads from the socket. */
  int receive(ByteBuffer into, boolean forever) throws IOException {
    int count;
    while ((count = channel.read(into)) == 0) {
      boolean ready = select(readable, forever ? 0 : Waits.ceiling().toMillis());
      if (!ready && !forever) throw Waits.inVain(who + ": something to read");
    }
    return count;
  }

  /** Writes to the socket until all is out or it stalls; true if all is out. */
  boolean transmit(ByteBuffer bytes, long millis) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0 && !select(writable, millis)) return false;
    }
    return true;
  }

  /** Reads what is at hand, one byte or more; −1 at the end of the stream. */
  int read(byte[] into, int offset, int length) throws IOException {
    if (!await(false)) return -1;
    int count = Math.min(length, in.remaining());
    in.get(into, offset, count);
    return count;
  }

  /** Reads a line without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (!await(false)) throw new EOFException("the connection ended within a line: " + line);
      char next = (char) (in.get() & 0xff);
      if (next == '\n') break;
      line.append(next);
    }
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\r') line.setLength(end - 1);
    return line.toString();
  }

  void write(String text) throws IOException {
    write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Writes all of it. */
  void write(ByteBuffer bytes) throws IOException {
    if (!write(bytes, Waits.ceiling().toMillis())) {
      throw Waits.inVain(who + ": the connection takes " + bytes.remaining() + " bytes");
    }
  }

  /** Writes until all is out or the connection stalls; true if all is out. */
  boolean writeUntilStalled(ByteBuffer bytes) throws IOException {
    return write(bytes, STALLED_MILLIS);
  }

  private boolean write(ByteBuffer bytes, long millis) throws IOException {
    TlsLayer secured = tls;
    return secured == null ? transmit(bytes, millis) : secured.write(bytes, millis);
  }

  private static boolean select(Selector selector, long millis) throws IOException {
    try {
      if (Thread.interrupted()) throw new IOException("interrupted");
      boolean ready = selector.select(millis) > 0;
      selector.selectedKeys().clear();
      return ready;
    } catch (ClosedSelectorException e) {
      throw new IOException("closed by the rule", e);
    }
  }

  /** Ends what is sent; what comes can still be read. */
  void finish() throws IOException {
    TlsLayer secured = tls;
    if (secured != null) secured.finish(Waits.ceiling().toMillis());
    channel.shutdownOutput();
  }

  /** Breaks the connection: the other side sees a reset. */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException alreadyClosed) {
      // Then it can't be reset any more, either.
    }
    close();
  }

  @Override
  public void close() {
    try {
      // A channel with keys would stay open until the next select.
      readable.close();
      writable.close();
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(who + " can't be closed", e);
    }
  }

  BrokenConnectionError broken(String what, IOException cause) {
    return new BrokenConnectionError(who, what, cause);
  }
}
