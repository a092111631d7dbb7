package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.TlsInfo;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.tls.ListenerTlsContext;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection during the TLS handshake. When that is done it gives way to a connection of
 * the protocol that ALPN chose. A handshake that fails, or takes too long, ends the connection.
 */
final class SecuringConnection extends OpeningConnection implements SslHandshakeListener {
  private static final Logger LOG = LoggerFactory.getLogger(SecuringConnection.class);

  private final SSLEngine engine;
  private final Consumer<? super Throwable> refused;

  /** Computes for milliseconds, so that it keeps off the selectors' threads. */
  private final Callback offSelector =
      Callback.from(
          Invocable.InvocationType.BLOCKING, this::onFillable, this::onFillInterestedFailed);

  private volatile boolean done;

  /** Whether the client has been shown a certificate; seen when it is waited for. */
  private volatile boolean shown;

  private SecuringConnection(
      EndPoint endPoint,
      JettyListener listener,
      SSLEngine engine,
      Consumer<? super Throwable> refused) {
    super(endPoint, listener, listener.handshakeTimeout());
    this.engine = engine;
    this.refused = refused;
  }

  /**
   * Makes the connection that decrypts, with a handshake on it.
   *
   * @param socket what is encrypted
   * @param listener whose connection it is
   * @param engine how TLS is spoken
   * @return the connection, to be opened next
   */
  static SslConnection secure(EndPoint socket, JettyListener listener, SSLEngine engine) {
    return secure(socket, listener, engine, ApplicationProtocols::select, refused -> {});
  }

  /**
   * Makes the connection that decrypts what is inside a tunnel.
   *
   * @param socket what is encrypted
   * @param listener whose connection the tunnel was
   * @param engine how TLS is spoken
   * @param inside takes the exchanges
   * @return the connection, to be opened next
   */
  static SslConnection inside(
      EndPoint socket, JettyListener listener, SSLEngine engine, InspectedHandler inside) {
    return secure(
        socket,
        listener.inside(inside),
        engine,
        inside.http2() ? ApplicationProtocols::select : ApplicationProtocols::selectHttp1,
        inside::refused);
  }

  private static SslConnection secure(
      EndPoint socket,
      JettyListener listener,
      SSLEngine engine,
      ApplicationProtocols.Choice choice,
      Consumer<? super Throwable> refused) {
    engine.setHandshakeApplicationProtocolSelector((handshaking, offered) -> choice.among(offered));
    SslConnection secured =
        new SslConnection(listener.pool(), listener.executor(), null, socket, engine, true, true);
    EndPoint decrypted = secured.getSslEndPoint();
    SecuringConnection handshake = new SecuringConnection(decrypted, listener, engine, refused);
    secured.addHandshakeListener(handshake);
    decrypted.setConnection(handshake);
    return secured;
  }

  @Override
  public void handshakeSucceeded(Event event) {
    done = true; // told inside a fill or flush, so that it goes on there
  }

  @Override
  void watch() {
    shown |= engine.getHandshakeSession() != null;
    fillInterested(offSelector);
  }

  @Override
  public void onFillable() {
    try {
      // Takes nothing that is decrypted: that is left for the next connection.
      int filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER);
      if (done) {
        giveWay();
      } else if (filled < 0) {
        refused(new EofException("the client closed inside the TLS handshake"));
      } else {
        watch();
      }
    } catch (IOException | RuntimeException e) {
      // Clients without trust in us, scanners, other protocols: nothing of ours is wrong.
      LOG.debug("a TLS handshake with a client failed", e);
      refused(e);
    }
  }

  /** Who left before it saw a certificate, or spoke no TLS, did not refuse one. */
  private void refused(Throwable reason) {
    breakOff();
    if (!done && (shown || isAlert(reason))) refused.accept(reason);
  }

  /** The JDK has no type for an alert that was received, only this text. */
  private static boolean isAlert(Throwable reason) {
    String text = reason.getMessage();
    return reason instanceof SSLException && text != null && text.contains("Received fatal alert");
  }

  private void giveWay() {
    opened();
    EndPoint decrypted = getEndPoint();
    TlsInfo tls = facts();
    ClientInfo client = new ClientInfo(WatchedConnection.address(decrypted), tls);
    decrypted.upgrade(
        ApplicationProtocols.open(tls.applicationProtocol(), decrypted, listener(), client));
  }

  private TlsInfo facts() {
    SSLSession session = engine.getSession();
    String protocol = engine.getApplicationProtocol();
    return new TlsInfo(
        session.getProtocol(),
        session.getCipherSuite(),
        ListenerTlsContext.serverName(engine),
        protocol == null || protocol.isEmpty() ? null : protocol,
        peerCertificates(session));
  }

  private static List<X509Certificate> peerCertificates(SSLSession session) {
    List<X509Certificate> found = new ArrayList<>(2);
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) found.add(x509);
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // it showed none
    }
    return found;
  }
}
