package dev.headgate.jetty.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The selectors that all listeners and upstream connections of an engine share, so that a further
 * listener costs no thread. (A connector of Jetty's, and its client, each have a selector, and so a
 * thread, of their own.)
 */
public final class SharedSelectors extends SelectorManager {
  /** Longer than any connect timeout; those are kept by who connects, who closes the channel. */
  private static final long CONNECT_MILLIS = TimeUnit.MINUTES.toMillis(5);

  private static final long PAUSE_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(SharedSelectors.class);

  /** Which selector is to serve the socket that this thread hands over; null for the next one. */
  private static final ThreadLocal<@Nullable ManagedSelector> CHOSEN = new ThreadLocal<>();

  private final int socketBufferBytes;
  private final FewThreads openings;
  private final Map<SelectableChannel, Opener> accepting = new ConcurrentHashMap<>();
  private final List<ManagedSelector> selectors = new CopyOnWriteArrayList<>();

  private final AtomicInteger connected = new AtomicInteger();

  /** Makes the connections of accepted or connected sockets. Called on a thread of the engine. */
  public interface Opener {
    /**
     * Makes a connection.
     *
     * @param endPoint its socket
     * @return the connection, to be opened next
     * @throws IOException if it can't be made; the socket is closed
     */
    Connection open(EndPoint endPoint) throws IOException;

    /**
     * The socket could not be connected, or no connection made.
     *
     * @param failure why
     */
    default void failed(Throwable failure) {}
  }

  /**
   * Makes them; {@code start()} runs them.
   *
   * @param executor their threads
   * @param scheduler for timeouts
   * @param count how many
   * @param socketBufferBytes how much the kernel may hold for a socket in each direction; 0 for the
   *     kernel's own choice
   */
  public SharedSelectors(Executor executor, Scheduler scheduler, int count, int socketBufferBytes) {
    super(executor, scheduler, count);
    this.socketBufferBytes = socketBufferBytes;
    this.openings = new FewThreads(executor, Math.max(2, count * 2));
    setConnectTimeout(CONNECT_MILLIS);
  }

  /** A server socket whose connections are taken. Thread-safe. */
  public final class Registration {
    private final ServerSocketChannel channel;
    private final CountDownLatch closed;

    // Guarded by this.
    private int unregistered;
    private boolean cancelled;

    private Registration(ServerSocketChannel channel) {
      this.channel = channel;
      this.unregistered = selectors.size();
      this.closed = new CountDownLatch(selectors.size());
    }

    /** A selector has done what it was told before. */
    private void registered() {
      synchronized (this) {
        unregistered--;
        if (unregistered > 0 || !cancelled) return;
      }
      close();
    }

    /** Closes the socket. Its port is free when each selector has been through a selection. */
    public void cancel() {
      accepting.remove(channel);
      synchronized (this) {
        if (cancelled) return;
        cancelled = true;
        // Jetty's selector complains about a socket that is closed before it is registered.
        if (unregistered > 0 && isRunning()) return;
      }
      close();
    }

    private void close() {
      IO.close(channel);
      for (ManagedSelector selector : selectors) {
        // The inner one runs after a selection, which drops the cancelled key.
        selector.submit(outer -> selector.submit(inner -> closed.countDown()));
      }
    }

    /** Waits until the port is free; not on a selector's thread. */
    public void awaitClosed() {
      try {
        if (isRunning() && !closed.await(1, TimeUnit.SECONDS)) IO.close(channel);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Returns the selector whose thread this is, while it serves connections.
   *
   * @return null on any other thread
   */
  public @Nullable ManagedSelector here() {
    return InlineSelector.serving(this);
  }

  /**
   * Returns where a connection is best served that what runs here asks for: by the same thread,
   * else by the next in turn. Those of clients have a turn of their own, or pairs of a client's and
   * an upstream's would all be split in the same way.
   *
   * @return a selector
   */
  public ManagedSelector near() {
    ManagedSelector here = here();
    if (here != null) return here;
    return selectors.get(Math.floorMod(connected.getAndIncrement(), selectors.size()));
  }

  @Override
  protected ManagedSelector chooseSelector() {
    ManagedSelector selector = CHOSEN.get();
    return selector == null ? super.chooseSelector() : selector;
  }

  /**
   * Connects a socket; its opener is told how that ends.
   *
   * @param channel a new socket, which this closes if it can't be connected
   * @param address where to
   * @param selector what serves it, see {@link #near()}
   * @param opener makes the connection
   * @throws IOException if it fails at once; the opener is not told
   */
  public void connect(
      SocketChannel channel, InetSocketAddress address, ManagedSelector selector, Opener opener)
      throws IOException {
    channel.configureBlocking(false);
    configure(channel);
    boolean done = channel.connect(address);
    CHOSEN.set(selector);
    try {
      if (done) {
        accept(channel, opener);
      } else {
        connect(channel, opener);
      }
    } finally {
      CHOSEN.remove();
    }
  }

  /**
   * Makes a listening socket; connections wait until it is registered.
   *
   * @param address where to listen
   * @param backlog how many connections may wait
   * @return the bound socket
   * @throws IOException if the address can't be bound; nothing is left behind
   */
  public ServerSocketChannel bind(InetSocketAddress address, int backlog) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    boolean bound = false;
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (socketBufferBytes > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, socketBufferBytes);
      }
      channel.bind(address, backlog);
      channel.configureBlocking(false);
      bound = true;
      return channel;
    } finally {
      if (!bound) channel.close();
    }
  }

  private void configure(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (socketBufferBytes > 0) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, socketBufferBytes);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, socketBufferBytes);
    }
  }

  /**
   * Takes connections from now on.
   *
   * @param channel a bound socket
   * @param opener makes the connections
   * @return with which to stop that
   */
  public Registration accept(ServerSocketChannel channel, Opener opener) {
    accepting.put(channel, opener);
    acceptor(channel);
    Registration registration = new Registration(channel);
    for (ManagedSelector selector : selectors) selector.submit(s -> registration.registered());
    return registration;
  }

  /**
   * Called for what opens and closes connections; and at the start for the selectors' own threads.
   */
  @Override
  protected void execute(Runnable task) {
    if (isRunning() && !isStarting()) {
      openings.execute(task);
    } else {
      super.execute(task);
    }
  }

  @Override
  protected ManagedSelector newSelector(int id) {
    ManagedSelector selector = new InlineSelector(this, id);
    selectors.add(selector);
    return selector;
  }

  /** Takes all connections that wait; returning null says that there are no more. */
  @Override
  protected @Nullable SelectableChannel doAccept(SelectableChannel server) {
    Opener opener = accepting.get(server);
    try {
      while (true) {
        SocketChannel channel = ((ServerSocketChannel) server).accept();
        if (channel == null) return null;
        take(channel, opener);
      }
    } catch (IOException e) {
      if (server.isOpen()) pause(server, e);
      return null;
    }
  }

  /** Takes a connection; one that can't be, as its peer has left, is nothing to the others. */
  private void take(SocketChannel channel, @Nullable Opener opener) {
    try {
      if (opener == null) {
        channel.close();
        return;
      }
      channel.configureBlocking(false);
      configure(channel);
      accept(channel, opener);
    } catch (IOException e) {
      LOG.debug("a connection was lost as it was accepted", e);
      IO.close(channel);
    }
  }

  /** Takes no connections for a while: without descriptors the selector would spin. */
  private void pause(SelectableChannel server, IOException reason) {
    LOG.warn("a connection can't be accepted; trying again in {} ms", PAUSE_MILLIS, reason);
    for (ManagedSelector selector : selectors) {
      SelectionKey key = server.keyFor(selector.getSelector());
      if (key == null || !key.isValid()) continue;
      key.interestOps(0);
      Runnable again =
          () ->
              selector.submit(
                  s -> {
                    if (key.isValid()) key.interestOps(SelectionKey.OP_ACCEPT);
                  });
      getScheduler().schedule(again, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  protected EndPoint newEndPoint(
      SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
    return new StrictEndPoint((SocketChannel) channel, selector, key, getScheduler());
  }

  @Override
  public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment)
      throws IOException {
    return ((Opener) attachment).open(endPoint);
  }

  @Override
  protected void connectionFailed(
      SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
    if (attachment instanceof Opener opener) opener.failed(failure);
  }

  @Override
  protected void onAcceptFailed(
      SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
    if (attachment instanceof Opener opener) opener.failed(failure);
  }
}
