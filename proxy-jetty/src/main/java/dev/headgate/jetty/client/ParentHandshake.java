package dev.headgate.jetty.client;

import dev.headgate.api.HostPort;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.ParentProxy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a proxy, until that has opened the way to the upstream; then another connection
 * takes its place.
 */
final class ParentHandshake extends AbstractConnection.NonBlocking {
  private final ConnectAttempt attempt;
  private final ParentDialogue dialogue;
  private volatile boolean done;

  ParentHandshake(
      EndPoint endPoint,
      JettyClient client,
      ConnectAttempt attempt,
      ParentProxy parent,
      HostPort target,
      List<String> via) {
    super(endPoint, client.executor());
    this.attempt = attempt;
    this.dialogue =
        parent.kind() == ParentProxy.Kind.HTTP
            ? new ConnectDialogue(parent, target, via)
            : new Socks5Dialogue(parent, target);
  }

  /** Whether a proxy must open the way, or takes the requests themselves. */
  static boolean isNeeded(Destination destination, ParentProxy parent) {
    return parent.kind() != ParentProxy.Kind.HTTP
        || destination.target().secure()
        || destination.protocol() == Destination.Protocol.TUNNEL;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    send(dialogue.begin());
  }

  private void send(ByteBuffer bytes) {
    getEndPoint()
        .write(
            Callback.from(
                Invocable.InvocationType.NON_BLOCKING, this::fillInterested, this::failed),
            bytes);
  }

  @Override
  public void onFillable() {
    try {
      while (true) {
        ByteBuffer buffer = BufferUtil.allocate(dialogue.wanted());
        int filled = getEndPoint().fill(buffer);
        if (filled < 0) throw new EOFException("the proxy closed the connection");
        if (filled == 0) {
          fillInterested();
          return;
        }
        ByteBuffer next = dialogue.received(buffer);
        if (dialogue.wanted() == 0) {
          opened();
          return;
        }
        if (next != null) {
          send(next);
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void opened() throws IOException {
    Connection next = attempt.reached(getEndPoint());
    ByteBuffer early = dialogue.early();
    if (early.hasRemaining()) {
      // In TLS the client begins.
      if (!(next instanceof UpstreamConnection plain)) throw new IOException("unasked bytes");
      plain.preload(early);
    }
    done = true;
    getEndPoint().upgrade(next);
  }

  private void failed(Throwable reason) {
    done = true;
    getEndPoint().close();
    attempt.parentFailed(Faults.parent(reason));
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    failed(cause);
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    if (!done) failed(cause == null ? new EOFException("closed") : cause);
  }
}
