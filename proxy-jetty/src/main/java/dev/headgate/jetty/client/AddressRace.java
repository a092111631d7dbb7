package dev.headgate.jetty.client;

import dev.headgate.jetty.io.SharedSelectors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of some addresses that answers (RFC 8305 section 5): the next is tried when
 * the one before fails, or has not answered for a while, so that one that says nothing does not use
 * up the time of all. Thread-safe.
 */
final class AddressRace {
  /** The delay that RFC 8305 recommends. */
  private static final long NEXT_AFTER_MILLIS = 250;

  private final JettyClient client;
  private final ManagedSelector selector;
  private final Course course;

  // Guarded by this.
  private final Queue<InetSocketAddress> addresses = new ArrayDeque<>(2);
  private final List<Try> tries = new ArrayList<>(1);
  private @Nullable Try first;
  private Scheduler.@Nullable Task timer;
  private boolean over;

  /** What goes on with the result. */
  interface Course {
    /**
     * A socket is connected; the others are closed.
     *
     * @return its connection, to be opened next
     */
    Connection connected(EndPoint endPoint);

    /**
     * None of the addresses can be reached.
     *
     * @param last why the last one can't
     */
    void unreachable(Throwable last);
  }

  AddressRace(JettyClient client, ManagedSelector selector, Course course) {
    this.client = client;
    this.selector = selector;
    this.course = course;
  }

  /** Begins; once. */
  void run(List<InetSocketAddress> all) {
    synchronized (this) {
      addresses.addAll(all);
    }
    next(new IOException("no address"));
  }

  /** Closes all sockets, that which was first too. */
  void cancel() {
    List<Try> unused;
    Try used;
    synchronized (this) {
      over = true;
      unused = List.copyOf(tries);
      tries.clear();
      used = first;
      stopTimer();
    }
    for (Try one : unused) one.close();
    if (used != null) used.close();
  }

  private void next(Throwable before) {
    Try next = null;
    synchronized (this) {
      if (over || first != null) return;
      stopTimer();
      InetSocketAddress address = addresses.poll();
      if (address != null) {
        next = new Try(address);
        tries.add(next);
        if (!addresses.isEmpty()) {
          timer =
              client.scheduler().schedule(this::isDue, NEXT_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        }
      } else if (!tries.isEmpty()) {
        return;
      }
    }
    if (next == null) {
      course.unreachable(before);
    } else {
      next.begin();
    }
  }

  private void isDue() {
    client.executor().execute(() -> next(new IOException("no answer yet")));
  }

  private void stopTimer() {
    if (timer != null) timer.cancel();
    timer = null;
  }

  /** An address that is being tried. */
  private final class Try implements SharedSelectors.Opener {
    private final InetSocketAddress address;
    private @Nullable SocketChannel channel; // guarded by the race

    Try(InetSocketAddress address) {
      this.address = address;
    }

    void begin() {
      SocketChannel made = null;
      try {
        made = SocketChannel.open();
        if (!isWanted(made)) {
          made.close();
          return;
        }
        client.selectors().connect(made, address, selector, this);
      } catch (IOException | RuntimeException e) {
        IO.close(made);
        failed(e);
      }
    }

    private boolean isWanted(SocketChannel made) {
      synchronized (AddressRace.this) {
        if (over || first != null) return false;
        channel = made;
        return true;
      }
    }

    void close() {
      SocketChannel unused;
      synchronized (AddressRace.this) {
        unused = channel;
      }
      IO.close(unused);
    }

    @Override
    public Connection open(EndPoint endPoint) throws IOException {
      List<Try> slower;
      synchronized (AddressRace.this) {
        if (over || first != null) throw new IOException("another address was faster");
        first = this;
        tries.remove(this);
        slower = List.copyOf(tries);
        tries.clear();
        stopTimer();
      }
      for (Try one : slower) one.close();
      return course.connected(endPoint);
    }

    @Override
    public void failed(Throwable failure) {
      synchronized (AddressRace.this) {
        tries.remove(this);
        if (first == this) first = null;
      }
      next(failure);
    }
  }
}
