package dev.headgate.jetty.client;

import dev.headgate.api.HostPort;
import dev.headgate.core.http.AddressLiteral;
import dev.headgate.core.spi.ParentProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** SOCKS version 5 (RFC 1928), with user and password (RFC 1929). Names are resolved there. */
final class Socks5Dialogue implements ParentDialogue {
  private static final byte VERSION = 5;
  private static final byte NO_LOGIN = 0;
  private static final byte PASSWORD = 2;
  private static final byte LOGIN_VERSION = 1;
  private static final byte CONNECT = 1;
  private static final byte IPV4 = 1;
  private static final byte NAME = 3;
  private static final byte IPV6 = 4;
  private static final int REPLY_HEAD = 5;

  private enum Step {
    METHOD,
    LOGIN,
    REPLY,
    BOUND_ADDRESS,
    OPEN
  }

  private final ParentProxy parent;
  private final HostPort target;
  private Step step = Step.METHOD;
  private ByteBuffer answer = ByteBuffer.allocate(2);

  Socks5Dialogue(ParentProxy parent, HostPort target) {
    this.parent = parent;
    this.target = target;
  }

  @Override
  public ByteBuffer begin() {
    byte method = parent.credentials() == null ? NO_LOGIN : PASSWORD;
    return ByteBuffer.wrap(new byte[] {VERSION, 1, method});
  }

  @Override
  public int wanted() {
    return step == Step.OPEN ? 0 : answer.remaining();
  }

  @Override
  public @Nullable ByteBuffer received(ByteBuffer bytes) throws IOException {
    answer.put(bytes);
    if (answer.hasRemaining()) return null;
    answer.flip();
    return switch (step) {
      case METHOD -> method();
      case LOGIN -> login();
      case REPLY -> reply();
      case BOUND_ADDRESS -> {
        step = Step.OPEN;
        yield null;
      }
      case OPEN -> throw new IllegalStateException("nothing more was wanted");
    };
  }

  private void expect(Step next, int bytes) {
    step = next;
    answer = ByteBuffer.allocate(bytes);
  }

  private ByteBuffer method() throws IOException {
    ParentProxy.Login login = parent.credentials();
    if (answer.get(0) != VERSION) throw new IOException("the proxy does not speak SOCKS 5");
    if (answer.get(1) != (login == null ? NO_LOGIN : PASSWORD)) {
      throw new IOException("the proxy takes no such login");
    }
    if (login == null) return request();
    byte[] user = login.user().getBytes(StandardCharsets.UTF_8);
    byte[] password = login.password().getBytes(StandardCharsets.UTF_8);
    expect(Step.LOGIN, 2);
    return ByteBuffer.allocate(3 + user.length + password.length)
        .put(LOGIN_VERSION)
        .put((byte) user.length)
        .put(user)
        .put((byte) password.length)
        .put(password)
        .flip();
  }

  private ByteBuffer login() throws IOException {
    if (answer.get(1) != 0) throw new IOException("the proxy refuses the login");
    return request();
  }

  private ByteBuffer request() {
    expect(Step.REPLY, REPLY_HEAD);
    InetAddress literal = AddressLiteral.parse(target.host());
    byte[] host =
        literal == null ? target.host().getBytes(StandardCharsets.US_ASCII) : literal.getAddress();
    ByteBuffer out = ByteBuffer.allocate(7 + host.length);
    out.put(VERSION).put(CONNECT).put((byte) 0);
    if (literal == null) {
      out.put(NAME).put((byte) host.length);
    } else {
      out.put(host.length == 4 ? IPV4 : IPV6);
    }
    return out.put(host).putShort((short) target.port()).flip();
  }

  /** The first bytes of the answer, and the first of the address that it ends with. */
  private @Nullable ByteBuffer reply() throws IOException {
    if (answer.get(0) != VERSION) throw new IOException("the proxy does not speak SOCKS 5");
    if (answer.get(1) != 0) throw new IOException("the proxy answers with " + answer.get(1));
    int rest =
        switch (answer.get(3)) {
          case IPV4 -> 4 - 1;
          case IPV6 -> 16 - 1;
          case NAME -> answer.get(4) & 0xff;
          default -> throw new IOException("the proxy answers with an unknown kind of address");
        };
    expect(Step.BOUND_ADDRESS, rest + 2);
    return null;
  }

  @Override
  public ByteBuffer early() {
    return BufferUtil.EMPTY_BUFFER;
  }
}
