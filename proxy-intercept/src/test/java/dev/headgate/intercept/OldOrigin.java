package dev.headgate.intercept;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Speaks HTTP/1.1 in TLS and nothing else; counts connections. */
final class OldOrigin implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  private final Executor threads;
  private final ServerSocket socket;

  OldOrigin(KeyStore keys, char[] password, Executor threads) throws Exception {
    this.threads = threads;
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    socket =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = connection.getInputStream();
      OutputStream out = connection.getOutputStream();
      while (true) {
        if (InsideTest.readHead(in).contains("Upgrade: websocket")) {
          out.write(
              InsideTest.head(
                  "HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"));
          for (int next = in.read(); next >= 0; next = in.read()) out.write(next);
          return;
        }
        out.write(InsideTest.ascii("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
      }
    } catch (IOException e) {
      // The proxy closed what it does not need.
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
