package dev.headgate.benchmarks.parts;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that takes what it is given, at once. */
final class InlineExchange implements InboundExchange {
  private static final ClientInfo CLIENT =
      new ClientInfo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2), null);
  private static final HeaderList REQUEST =
      HeaderList.of(
          List.of(
              new HeaderField("Host", "localhost"),
              new HeaderField("User-Agent", "benchmark"),
              new HeaderField("Accept", "*/*"),
              new HeaderField("Accept-Encoding", "gzip"),
              new HeaderField("Cookie", "session=0123456789abcdef")));

  private final HeaderList headers = REQUEST.copy();
  private int status;
  private long bytes;
  private boolean ended;

  boolean ended() {
    return ended;
  }

  int status() {
    return status;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String target() {
    return "/v1/models/large?beta=true";
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public HeaderList headers() {
    return headers;
  }

  @Override
  public ClientInfo client() {
    return CLIENT;
  }

  @Override
  public @Nullable BodySource body() {
    return null;
  }

  @Override
  public void onClientGone(Consumer<Throwable> gone) {}

  @Override
  public void interim(int code, HeaderList fields, Completion done) {
    done.succeeded();
  }

  @Override
  public void respond(
      int code, HeaderList fields, @Nullable Content first, boolean last, Completion done) {
    status = code;
    if (first != null) bytes += first.size();
    ended = last;
    done.succeeded();
  }

  @Override
  public void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    bytes += content.size();
    ended = last;
    done.succeeded();
  }

  @Override
  public void abort(Throwable reason) {
    throw new IllegalStateException("the exchange was aborted", reason);
  }
}
