package dev.headgate.jetty.client;

import dev.headgate.api.HostPort;
import dev.headgate.core.spi.ParentProxy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** CONNECT to a proxy of HTTP/1.1 (RFC 9110 section 9.3.6). */
final class ConnectDialogue implements ParentDialogue {
  private static final int MOST_BYTES = 16 * 1024;

  private final ParentProxy parent;
  private final HostPort target;
  private final List<String> via;
  private final byte[] head = new byte[MOST_BYTES];
  private int size;
  private boolean open;
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

  ConnectDialogue(ParentProxy parent, HostPort target, List<String> via) {
    this.parent = parent;
    this.target = target;
    this.via = List.copyOf(via);
  }

  @Override
  public ByteBuffer begin() {
    StringBuilder text = new StringBuilder("CONNECT ").append(target).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(target).append("\r\n");
    if (!via.isEmpty()) text.append("Via: ").append(String.join(", ", via)).append("\r\n");
    ParentProxy.Login login = parent.credentials();
    if (login != null) {
      byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
      text.append("Proxy-Authorization: Basic ");
      text.append(Base64.getEncoder().encodeToString(pair)).append("\r\n");
    }
    return ByteBuffer.wrap(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public int wanted() {
    return open ? 0 : MOST_BYTES - size;
  }

  @Override
  public @Nullable ByteBuffer received(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      head[size++] = bytes.get();
      if (endsHead()) {
        accept();
        // An interim response, perhaps, or what the upstream said.
        if (open) early = bytes.slice();
        if (open) return null;
        size = 0;
      }
      if (size == MOST_BYTES) throw new IOException("the proxy's answer is too long");
    }
    return null;
  }

  private boolean endsHead() {
    return size >= 4
        && head[size - 1] == '\n'
        && head[size - 2] == '\r'
        && head[size - 3] == '\n'
        && head[size - 4] == '\r';
  }

  private void accept() throws IOException {
    String line = new String(head, 0, Math.min(size, 16), StandardCharsets.ISO_8859_1);
    if (!line.matches("(?s)HTTP/1\\.[01] [1-5]\\d\\d.*")) {
      throw new IOException("the proxy does not answer in HTTP/1.1");
    }
    int status = Integer.parseInt(line.substring(9, 12));
    open = status / 100 == 2;
    if (!open && status / 100 != 1) throw new IOException("the proxy answers with " + status);
  }

  @Override
  public ByteBuffer early() {
    return early;
  }
}
