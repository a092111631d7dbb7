package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamListener;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Tells a call's listener what becomes of it, one thing at a time and in order, though connections
 * and timers tell of it on threads of their own. State is guarded by the call; the listener is
 * called without its lock. The base of the call, so that one costs no further object.
 */
abstract class CallEvents {
  private static final int CONNECTED = 1;
  private static final int SENT = 2;
  private static final int INTERIM = 4;
  private static final int RESPONSE = 8;
  private static final int FAILURE = 16;
  private static final int REACHED = 32;

  private record Interim(int status, HeaderList headers) {}

  private final UpstreamListener listener;

  // Guarded by this.
  private int events;
  private boolean telling;
  private @Nullable Queue<Interim> interims;
  private int status;
  private @Nullable HeaderList headers;
  private @Nullable BodySource body;
  private @Nullable Tunnel tunnel;
  private @Nullable UpstreamFault fault;
  private @Nullable HttpVersion spoken;

  CallEvents(UpstreamListener listener) {
    this.listener = listener;
  }

  // --- what happened

  final void tellConnected() {
    tell(CONNECTED);
  }

  /** A connection is there, which was all that was asked for. */
  final void tellReached(HttpVersion version) {
    synchronized (this) {
      spoken = version;
    }
    tell(CONNECTED | REACHED);
  }

  final void requestSent() {
    tell(SENT);
  }

  final void interim(int code, HeaderList fields) {
    synchronized (this) {
      if (interims == null) interims = new ArrayDeque<>(2);
      interims.add(new Interim(code, fields));
    }
    tell(INTERIM);
  }

  final void response(int code, HeaderList fields, @Nullable BodySource received) {
    synchronized (this) {
      status = code;
      headers = fields;
      body = received;
    }
    tell(RESPONSE);
  }

  final void tunnel(int code, HeaderList fields, Tunnel opened) {
    synchronized (this) {
      status = code;
      headers = fields;
      tunnel = opened;
    }
    tell(RESPONSE);
  }

  final void tellFailure(UpstreamFault reason) {
    synchronized (this) {
      fault = reason;
    }
    tell(FAILURE);
  }

  // --- one thing at a time

  private void tell(int event) {
    synchronized (this) {
      events |= event;
      if (telling) return;
      telling = true;
    }
    while (true) {
      int now;
      synchronized (this) {
        now = events;
        events = 0;
        if (now == 0) {
          telling = false;
          return;
        }
      }
      deliver(now);
    }
  }

  private void deliver(int now) {
    if ((now & CONNECTED) != 0) listener.onConnected();
    if ((now & SENT) != 0) listener.onRequestSent();
    if ((now & INTERIM) != 0) deliverInterims();
    if ((now & RESPONSE) != 0) deliverResponse();
    if ((now & (REACHED | FAILURE)) == 0) return;
    UpstreamFault reason;
    HttpVersion version;
    synchronized (this) {
      reason = fault;
      version = spoken;
    }
    if ((now & REACHED) != 0 && version != null) listener.onReached(version);
    if ((now & FAILURE) != 0 && reason != null) listener.onFailure(reason);
  }

  private void deliverInterims() {
    while (true) {
      Interim next;
      synchronized (this) {
        next = interims == null ? null : interims.poll();
      }
      if (next == null) return;
      listener.onInterim(next.status(), next.headers());
    }
  }

  private void deliverResponse() {
    int code;
    HeaderList fields;
    BodySource received;
    Tunnel opened;
    synchronized (this) {
      code = status;
      fields = headers;
      received = body;
      opened = tunnel;
    }
    if (fields == null) return;
    if (opened != null) {
      listener.onTunnel(code, fields, opened);
    } else {
      listener.onResponse(code, fields, received);
    }
  }
}
